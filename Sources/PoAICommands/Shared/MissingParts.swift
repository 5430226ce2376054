import ArgumentParser

/// Options of parts that this version does not have: refused in plain words rather than ignored.
struct MissingParts: ParsableArguments {
    @Option(help: ArgumentHelp("Layers to compute on a GPU. There is no GPU engine yet.", valueName: "count"))
    var gpuLayers = 0

    func validate() throws {
        if gpuLayers != 0 {
            throw ValidationError("--gpu-layers: this version computes on the CPU only (drop it, or give 0)")
        }
    }
}
