/// The templates and small tables of docs/spec/quiz.md, section 4: lines of fields separated by `|`.
///
/// They are consensus: another word anywhere is another network. A test compares them with the specification.
package enum QuizTables {
    /// Family 0.
    package static let addition: StaticString = #"""
        {a} + {b} = |{c}
        {a} plus {b} is |{c}
        {a} plus {b} equals |{c}
        The sum of {a} and {b} is |{c}
        What is {a} + {b}? |{c}
        Q: {a} + {b}\nA: |{c}
        """#

    /// Family 1.
    package static let subtraction: StaticString = #"""
        {a} - {b} = |{c}
        {a} minus {b} is |{c}
        {a} minus {b} equals |{c}
        {b} less than {a} is |{c}
        What is {a} - {b}? |{c}
        Q: {a} - {b}\nA: |{c}
        """#

    /// Family 2.
    package static let multiplication: StaticString = #"""
        {a} * {b} = |{c}
        {a} x {b} = |{c}
        {a} times {b} is |{c}
        {a} times {b} equals |{c}
        The product of {a} and {b} is |{c}
        What is {a} * {b}? |{c}
        """#

    /// Family 3.
    package static let pattern: StaticString = #"""
        {s}, |{n}
        Continue: {s}, |{n}
        Pattern: {s}, |{n}
        The sequence goes {s}, |{n}
        Count on: {s}, |{n}
        """#

    /// Family 4, kind 0.
    package static let sorting: StaticString = #"""
        Sort A to Z: {w}\nSorted:| {s}
        Alphabetical order of {w}:| {s}
        Words: {w}. In alphabetical order:| {s}
        """#

    /// Family 4, kind 1.
    package static let onward: StaticString = #"""
        The letters after {a} are| {l}
        Next four letters after {a}:| {l}
        The alphabet goes on after {a} with| {l}
        """#

    /// Family 4, kind 2.
    package static let backward: StaticString = #"""
        The alphabet backwards from {a}: {a},| {l}
        Counting letters down from {a}: {a},| {l}
        Reverse alphabet: {a},| {l}
        """#

    /// Family 5, kind 0.
    package static let ordering: StaticString = #"""
        {p} {q} {t} first:| {l}
        {p} {q} Order them, {t} first:| {l}
        Puzzle: {p} {q} From the {t} on:| {l}
        """#

    /// Comparative, top, bottom.
    package static let relations: StaticString = #"""
        taller|tallest|shortest
        older|oldest|youngest
        faster|fastest|slowest
        heavier|heaviest|lightest
        richer|richest|poorest
        stronger|strongest|weakest
        louder|loudest|quietest
        """#

    /// Family 5, kind 1.
    package static let syllogism: StaticString = #"""
        All {b} are {d}. {n} is {a}. So {n} is| {c}, because all {b} are {d}
        {n} is {a}. All {b} are {d}. Therefore {n} is| {c}, because all {b} are {d}
        """#

    /// One of a kind, all of the kind, one of its class, all of the class.
    package static let classes: StaticString = #"""
        a cat|cats|a mammal|mammals
        a dog|dogs|a mammal|mammals
        a horse|horses|a mammal|mammals
        a whale|whales|a mammal|mammals
        a cow|cows|an animal|animals
        a tiger|tigers|an animal|animals
        a frog|frogs|an animal|animals
        an eagle|eagles|a bird|birds
        a duck|ducks|a bird|birds
        an owl|owls|a bird|birds
        a penguin|penguins|a bird|birds
        a salmon|salmon|a fish|fish
        a shark|sharks|a fish|fish
        an ant|ants|an insect|insects
        a bee|bees|an insect|insects
        a snake|snakes|a reptile|reptiles
        a lizard|lizards|a reptile|reptiles
        a rose|roses|a flower|flowers
        a tulip|tulips|a flower|flowers
        an oak|oaks|a tree|trees
        a pine|pines|a tree|trees
        """#

    /// Family 5, kind 2.
    package static let knights: StaticString = #"""
        Knights tell the truth and knaves lie. {a} is a {k} and says {b} is a {m}. So {b} is| a {o}, because {k}s {w}
        Knaves lie, knights do not. {a}, a {k}, says {b} is a {m}. So {b} is| a {o}, because {k}s {w}
        """#

    /// Family 5, kind 3.
    package static let conditional: StaticString = #"""
        If {p}, then {q}. We know that {p}. So| {q}
        If {p}, then {q}. We know that {s}. So| {r}
        Whenever {p}, {q}. Today {p}. Therefore| {q}
        Whenever {p}, {q}. Today {s}. Therefore| {r}
        """#

    /// Condition, consequence, and the two denied.
    package static let conditions: StaticString = #"""
        it rains|the street gets wet|it does not rain|the street does not get wet
        it snows|the hills turn white|it does not snow|the hills do not turn white
        the sun shines|the stones get warm|the sun does not shine|the stones do not get warm
        the wind blows|the mill turns|the wind does not blow|the mill does not turn
        the bell rings|the dog barks|the bell does not ring|the dog does not bark
        the lamp is on|the room is bright|the lamp is not on|the room is not bright
        the door is open|the room is cold|the door is not open|the room is not cold
        the train is late|we take the bus|the train is not late|we do not take the bus
        the shop is open|we buy bread|the shop is not open|we do not buy bread
        the river rises|the bridge is closed|the river does not rise|the bridge is not closed
        the baby sleeps|the house is quiet|the baby does not sleep|the house is not quiet
        the cat is hungry|it comes home|the cat is not hungry|it does not come home
        """#
}
