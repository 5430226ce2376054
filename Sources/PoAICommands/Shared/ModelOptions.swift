import ArgumentParser
import PoAIInference
import PoAINode

/// Which model to run, and how: shared by all commands that run one.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model, a GGUF file.", valueName: "file"))
    var modelPath = ModelPackage.smolLM2.defaultPath

    @Option(
        help: ArgumentHelp("Threads of a forward pass; all cores unless given.", valueName: "count"),
        transform: Arguments.threads)
    var threads: Int?

    @Option(
        help: ArgumentHelp("Kernel to compute with, instead of the fastest this CPU has.", valueName: "name"),
        transform: Arguments.kernel)
    var kernel: Kernel?

    /// The threads asked for, or one per core.
    var threadCount: Int { threads ?? Arguments.cores }

    /// The kernel asked for, or the fastest.
    var chosenKernel: Kernel { kernel ?? .best }
}
