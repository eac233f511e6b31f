package dev.apprentice.engine.memory;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Placement;
import dev.apprentice.engine.Placement.Auto;
import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Cuda;
import dev.apprentice.engine.Placement.Place;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What libtorch sees of this machine's GPUs.
 *
 * @param libtorch its version and folder, for messages
 * @param forCuda whether it was built for CUDA
 * @param gpus how many it can compute on
 */
public record Sight(String libtorch, boolean forCuda, int gpus) {
    private static final String SETTING = "engine.device";

    /** DJL's name for "CUDA is there, and a GPU with a driver that it can use", as libtorch itself says. */
    private static final String USABLE = "CUDA";

    /** Loads libtorch, and asks it. */
    public static Sight now() {
        var engine = Engine.getEngine("PyTorch");
        var folder = LibUtils.getLibtorchPath();
        boolean forCuda = Files.exists(Path.of(folder, System.mapLibraryName("torch_cuda")));
        // DJL counts with CUDA's runtime library, which it may not find where libtorch does: one there is at least
        int gpus = engine.hasCapability(USABLE) ? Math.max(1, engine.getGpuCount()) : 0;
        return new Sight(engine.getVersion() + " in " + folder, forCuda, gpus);
    }

    /**
     * Where {@code wanted} is.
     *
     * @throws InvalidRequestException {@code bad_setting} if it is a GPU that is not seen
     */
    public Place choose(Placement wanted) {
        return switch (wanted) {
            case Auto _ -> gpus > 0 ? new Cuda(0) : new Cpu();
            case Cpu cpu -> cpu;
            case Cuda cuda -> {
                if (!forCuda) {
                    throw wrong(
                            cuda,
                            "auto or cpu with libtorch " + libtorch
                                    + ", which was built without CUDA (PYTORCH_LIBRARY_PATH names another's folder)");
                }
                if (gpus == 0) {
                    throw wrong(
                            cuda,
                            "auto or cpu where libtorch " + libtorch
                                    + " sees no GPU (nvidia-smi says whether the driver does; CUDA_VISIBLE_DEVICES may hide it)");
                }
                if (cuda.number() >= gpus) {
                    throw wrong(cuda, gpus == 1 ? "auto, cpu or cuda:0" : "auto, cpu or cuda:0 to cuda:" + (gpus - 1));
                }
                yield cuda;
            }
        };
    }

    private static InvalidRequestException wrong(Placement found, String expected) {
        return new InvalidRequestException(
                "bad_setting",
                SETTING + " must be " + expected + ", found " + found,
                Fault.of(SETTING, expected, found.toString()));
    }
}
