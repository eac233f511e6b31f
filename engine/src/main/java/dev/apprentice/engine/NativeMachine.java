package dev.apprentice.engine;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Cuda;
import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.Scheduler;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Form;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.Kernels;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.decoder.SampleTexts;
import dev.apprentice.engine.memory.Sight;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.SpecialTokens;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.training.NativeTraining;
import dev.apprentice.engine.training.Training;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model in native memory, with the thread that decodes its answers. */
final class NativeMachine implements Machine {
    private static final System.Logger LOG = System.getLogger(NativeMachine.class.getName());

    private final SpecialTokens specials;
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final Residency residency;
    private final Scheduler scheduler;
    private final Training training;
    private final Closing house = new Closing();

    private NativeMachine(BaseModel base, Tokenizer tokenizer, EngineSettings settings, Seams seams) {
        this.specials = base.specials();
        this.tokenizer = tokenizer;
        decoder = house.add(decoder(base, tokenizer, settings));
        try {
            var free = decoder.freeBytes();
            var settled = free.isPresent() ? settings.settled(free.getAsLong()) : settings.settled();
            decoder.keepExactIn(beside(settings.model()));
            residency = house.add(new Residency(decoder, settings.adapterBytes()));
            var permit = new ComputePermit();
            scheduler = house.add(new Scheduler(decoder, residency, permit, settled, seams.clock()));
            scheduler.start();
            training = new NativeTraining(decoder, permit, learns(base, settings));
        } catch (RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }

    private static Decoder decoder(BaseModel base, Tokenizer tokenizer, EngineSettings settings) {
        var sight = Sight.now();
        var place = sight.choose(settings.device());
        LOG.log(
                System.Logger.Level.INFO,
                "event=device_chosen device={0} asked={1} gpus={2} libtorch={3}",
                place,
                settings.device(),
                sight.gpus(),
                sight.libtorch());
        return switch (place) {
            case Cpu _ -> onProcessor(base, tokenizer, settings);
            case Cuda gpu ->
                Decoder.load(base, onGpu(settings.dtype(), gpu), List.of(), settings.threads(), gpu, Form.of(gpu));
        };
    }

    /** The kernel that {@code dtype} asks for on {@code gpu}. */
    static Kernel onGpu(EngineSettings.Dtype dtype, Cuda gpu) {
        return switch (dtype) {
            case FP32 -> Kernel.FP32;
            case BF16, AUTO -> Kernel.BF16;
            case INT8 -> {
                var expected = "one of auto, bf16, fp32 on " + gpu + " (engine.device: cpu has int8)";
                throw new InvalidRequestException(
                        "bad_setting",
                        "engine.dtype must be " + expected + ", found int8",
                        Fault.of("engine.dtype", expected, "int8"));
            }
        };
    }

    private LearningKernel learns(BaseModel base, EngineSettings settings) {
        var wanted = settings.learning() == EngineSettings.LearningDtype.AUTO
                ? Kernels.learning(Kernels.kept(base, settings.model(), settings.threads()))
                : settings.learning();
        var kernel = decoder.learns(wanted);
        LOG.log(
                System.Logger.Level.INFO,
                "event=learning_kernel_chosen kernel={0} asked={1}",
                kernel,
                settings.learning());
        return kernel;
    }

    private static Decoder onProcessor(BaseModel base, Tokenizer tokenizer, EngineSettings settings) {
        int threads = settings.threads();
        return switch (settings.dtype()) {
            case FP32 -> Decoder.load(base, Kernel.FP32, List.of(), threads);
            case BF16 -> Decoder.load(base, Kernel.BF16, List.of(), threads);
            case INT8 -> Decoder.load(base, Kernel.INT8, texts(tokenizer).calibration(), threads);
            case AUTO -> {
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), threads);
                try {
                    Kernels.settle(decoder, base, settings.model(), texts(tokenizer), threads);
                } catch (RuntimeException | Error e) {
                    decoder.close();
                    throw e;
                }
                yield decoder;
            }
        };
    }

    private static Path beside(Path model) {
        return Files.isDirectory(model)
                ? model.resolve("weights.fp32")
                : model.resolveSibling(model.getFileName() + ".fp32");
    }

    private static SampleTexts texts(Tokenizer tokenizer) {
        return SampleTexts.of(text -> tokenizer.encode(text, false));
    }

    /** Loads the weights and starts the engine thread. */
    static Machine.Maker maker(EngineSettings settings, Seams seams) {
        return (base, tokenizer) -> new NativeMachine(base, tokenizer, settings, seams);
    }

    @Override
    public Generation submit(GenerationRequest request, @Nullable Grammar grammar) {
        return scheduler.submit(request, tokenizer, specials, grammar);
    }

    @Override
    public Training training() {
        return training;
    }

    @Override
    public String dtype() {
        return decoder.dtype();
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(
                scheduler.running(),
                scheduler.waiting(),
                residency.stats(),
                scheduler.prefixes(),
                decoder.openScopes(),
                decoder.arrays());
    }

    @Override
    public void close() {
        house.close();
    }
}
