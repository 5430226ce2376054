/// Words and names; see `QuizTables`.
extension QuizTables {
    /// Words to sort.
    package static let words: StaticString = #"""
        animal
        apple
        autumn
        banana
        beach
        bird
        book
        bread
        bridge
        camera
        candle
        castle
        chair
        cloud
        coffee
        cotton
        dance
        desert
        doctor
        dream
        eagle
        earth
        engine
        farmer
        field
        fire
        fish
        flower
        forest
        garden
        glass
        gold
        grass
        green
        hammer
        heart
        horse
        hotel
        house
        island
        jacket
        juice
        kitchen
        knife
        ladder
        leaf
        lemon
        letter
        light
        lion
        market
        milk
        mirror
        money
        morning
        mountain
        music
        needle
        night
        ocean
        orange
        paper
        pencil
        piano
        planet
        pocket
        queen
        rabbit
        rain
        river
        road
        school
        shadow
        silver
        snow
        stone
        summer
        table
        teacher
        tiger
        tower
        train
        tree
        uncle
        valley
        village
        voice
        water
        window
        winter
        wood
        yellow
        """#

    /// First names.
    package static let names: StaticString = #"""
        Adam
        Alice
        Anna
        Ben
        Bob
        Carl
        Charles
        Clara
        Daniel
        David
        Emma
        Frank
        George
        Helen
        Henry
        Jack
        James
        Jane
        John
        Kate
        Laura
        Lucy
        Maria
        Mark
        Mary
        Max
        Oliver
        Paul
        Peter
        Robert
        Sam
        Sarah
        Simon
        Susan
        Thomas
        Tom
        """#

    /// Every table with its name in the specification, in its order there.
    package static let all: [(name: String, table: StaticString)] = [
        ("addition", addition),
        ("subtraction", subtraction),
        ("multiplication", multiplication),
        ("pattern", pattern),
        ("sorting", sorting),
        ("onward", onward),
        ("backward", backward),
        ("words", words),
        ("ordering", ordering),
        ("relations", relations),
        ("syllogism", syllogism),
        ("classes", classes),
        ("knights", knights),
        ("conditional", conditional),
        ("conditions", conditions),
        ("names", names),
        ("proverbs", proverbs),
        ("facts", facts),
    ]
}
