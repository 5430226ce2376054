/// Proverbs and facts; see `QuizTables`.
extension QuizTables {
    /// Family 6, kind 0.
    package static let proverbs: StaticString = #"""
        A bird in the hand is worth| two in the bush
        A chain is only as strong as| its weakest link
        A friend in need is| a friend indeed
        A journey of a thousand miles begins with| a single step
        A penny saved is| a penny earned
        A picture is worth| a thousand words
        A rolling stone gathers| no moss
        A stitch in time| saves nine
        A watched pot| never boils
        Absence makes the heart| grow fonder
        Actions speak louder| than words
        All good things must| come to an end
        All is fair in love| and war
        All is well that| ends well
        All roads lead| to Rome
        All that glitters| is not gold
        An apple a day keeps| the doctor away
        An ounce of prevention is worth| a pound of cure
        Beauty is in the eye| of the beholder
        Better late| than never
        Better safe| than sorry
        Birds of a feather| flock together
        Blood is thicker| than water
        Do not bite the hand| that feeds you
        Do not count your chickens before| they hatch
        Do not cry over| spilled milk
        Do not judge a book| by its cover
        Do not put all your eggs| in one basket
        Do not put the cart| before the horse
        Early to bed and early to rise makes a man| healthy, wealthy and wise
        Easy come,| easy go
        Every cloud has| a silver lining
        Every dog has| its day
        Fortune favors| the bold
        Give him an inch and he will take| a mile
        Good things come to those| who wait
        Great minds| think alike
        Honesty is| the best policy
        If at first you do not succeed,| try, try again
        It takes two| to tango
        Jack of all trades,| master of none
        Kill two birds| with one stone
        Laughter is| the best medicine
        Leave no stone| unturned
        Let sleeping dogs| lie
        Like father,| like son
        Look before| you leap
        Make hay while| the sun shines
        Many hands make| light work
        Necessity is the mother| of invention
        Never look a gift horse| in the mouth
        No news is| good news
        No pain,| no gain
        Old habits| die hard
        One man's trash is another man's| treasure
        Out of sight,| out of mind
        Practice makes| perfect
        Rome was not built| in a day
        Slow and steady| wins the race
        Still waters| run deep
        Strike while the iron| is hot
        The apple does not fall far| from the tree
        The early bird| catches the worm
        The grass is always greener on| the other side of the fence
        The pen is mightier| than the sword
        The proof of the pudding is| in the eating
        There is no place| like home
        There is no smoke| without fire
        Time and tide wait| for no man
        To err is human, to forgive| divine
        Too many cooks| spoil the broth
        Two heads are better| than one
        Two wrongs do not| make a right
        What goes up must| come down
        When in Rome, do| as the Romans do
        When the cat is away,| the mice will play
        Where there is a will,| there is a way
        You cannot have your cake| and eat it too
        You cannot teach an old dog| new tricks
        You reap what| you sow
        """#

    /// Family 6, kind 1.
    package static let facts: StaticString = #"""
        A baby cat is called| a kitten
        A baby cow is called| a calf
        A baby dog is called| a puppy
        A baby sheep is called| a lamb
        A century is| one hundred years
        A decade is| ten years
        A dozen eggs is| twelve eggs
        A week has| seven days
        A year has| twelve months
        A minute has| sixty seconds
        An hour has| sixty minutes
        A day has| twenty-four hours
        A leap year has one extra day in| February
        A triangle has| three sides
        A square has| four equal sides
        A pentagon has| five sides
        A hexagon has| six sides
        A spider has| eight legs
        An insect has| six legs
        A bicycle has| two wheels
        A piano has black and white| keys
        A caterpillar turns into| a butterfly
        A tadpole grows into| a frog
        Bees make| honey
        Birds are covered with| feathers
        Fish breathe with| gills
        Fish live in| water
        Ice is frozen| water
        Steam is water in the form of| a gas
        Bread is made from| flour, water and yeast
        Cheese is made from| milk
        Paper is made from| wood
        Glass is made from| sand
        Plants take in carbon dioxide and give off| oxygen
        Water is made of hydrogen and| oxygen
        Table salt is made of sodium and| chlorine
        Diamond is a form of| carbon
        Gold, silver and iron are| metals
        The chemical symbol for gold is| Au
        The chemical symbol for iron is| Fe
        The capital of England is| London
        The capital of France is| Paris
        The capital of Germany is| Berlin
        The capital of Greece is| Athens
        The capital of Italy is| Rome
        The capital of Japan is| Tokyo
        The capital of Spain is| Madrid
        The capital of Egypt is| Cairo
        The capital of Portugal is| Lisbon
        The Eiffel Tower is in| Paris, France
        The Great Wall is in| China
        The pyramids of Giza are in| Egypt
        Big Ben is in| London, England
        The Statue of Liberty is in| New York
        Mount Everest is the highest| mountain in the world
        The Pacific is the largest| ocean in the world
        Asia is the largest| continent in the world
        The Earth goes around| the Sun
        The Moon goes around| the Earth
        The Sun is| a star
        Mars is known as| the red planet
        The planet closest to the Sun is| Mercury
        The largest planet of the solar system is| Jupiter
        The Sun rises in the east and sets in| the west
        The opposite of hot is| cold
        The opposite of day is| night
        The opposite of left is| right
        The opposite of up is| down
        The opposite of north is| south
        The four seasons are spring, summer,| autumn and winter
        The days of the week are Monday, Tuesday, Wednesday,| Thursday, Friday, Saturday and Sunday
        The year begins with January, February, March,| April, May and June
        The year ends with September, October,| November and December
        One, two, three, four,| five, six, seven, eight, nine, ten
        First, second, third,| fourth, fifth, sixth
        The five senses are sight, hearing, touch,| taste and smell
        The heart pumps| blood
        We see with our eyes and hear with| our ears
        Humans breathe with their| lungs
        A, B, C, D,| E, F, G, H
        Romeo and Juliet was written by| William Shakespeare
        Hamlet was written by| William Shakespeare
        The Mona Lisa was painted by| Leonardo da Vinci
        The theory of relativity is due to| Albert Einstein
        The law of gravity is due to| Isaac Newton
        Water freezes at zero degrees| Celsius
        Red and white mixed give| pink
        Blue and yellow paint mixed give| green
        A rainbow begins with red, orange, yellow,| green and blue
        Ten, twenty, thirty,| forty, fifty, sixty
        Two, four, six,| eight, ten, twelve
        """#
}
