package dev.apprentice.server;

import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Placement;
import dev.apprentice.learner.study.RivalPlan;
import dev.apprentice.learner.study.StudyStart;
import dev.apprentice.server.http.Patience;
import dev.apprentice.server.security.Certificates;
import dev.apprentice.server.telemetry.Export;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an operator may choose, read from one tree; {@code config/application.yaml} has the defaults.
 *
 * @param model the base model: a known name, a folder, a GGUF file or {@code hf:ORG/NAME[@REV]}
 * @param home where base models are kept
 * @param data where the ledger and the checkpoints are kept
 * @param listen how clients reach the server
 * @param engine how the model runs
 * @param answers what holds for every answer
 * @param learning when what was taught is studied
 * @param rivals whether several plans compete in a study
 * @param telemetry where traces go
 * @param jsonLogs whether log lines are JSON
 */
public record Settings(
        String model,
        Path home,
        Path data,
        Listen listen,
        Engine engine,
        Answers answers,
        StudyStart learning,
        RivalPlan rivals,
        Export telemetry,
        boolean jsonLogs) {

    /**
     * How clients reach the server.
     *
     * @param host a loopback address
     * @param port 0 for any free one
     * @param readTimeout how long a connection may send nothing
     * @param grace how long running answers may go on when the server is told to stop
     * @param commentEvery how long a stream may be silent
     * @param bodyBytesMax largest body of a request
     * @param uploadBytesMax largest adapter that is taken in
     * @param edge what clients nobody knows are held to
     */
    public record Listen(
            String host,
            int port,
            Duration readTimeout,
            Duration grace,
            Duration commentEvery,
            int bodyBytesMax,
            int uploadBytesMax,
            Edge edge) {}

    /**
     * What clients nobody knows are held to.
     *
     * @param headBytesMax largest head of a request
     * @param patience how slow they may be
     * @param connectionsMax how many connections may be open
     * @param hosts the names under which a server with keys is known, or none for any
     * @param origins of web pages that browsers may let call, or {@code *}
     * @param tls the files of TLS, or null for none
     */
    public record Edge(
            int headBytesMax,
            Patience patience,
            int connectionsMax,
            Set<String> hosts,
            Set<String> origins,
            @Nullable Certificates tls) {
        public Edge {
            hosts = Set.copyOf(hosts);
            origins = Set.copyOf(origins);
        }
    }

    /** In which arithmetic the model runs. */
    public enum Dtype {
        AUTO,
        FP32,
        BF16,
        INT8
    }

    /**
     * How the model runs.
     *
     * @param device where
     * @param dtype in which arithmetic
     * @param threads of one native computation
     * @param maxRows answers decoded in one batch
     * @param queueLimit requests that may wait for a place
     * @param prefillTokens prompt tokens read in one step
     * @param cacheBytes keys and values of running answers; {@link EngineSettings#BY_DEVICE} where the engine decides
     * @param adapterBytes adapters in memory
     * @param prefixCacheBytes keys and values kept of prompts' beginnings
     * @param learning in which arithmetic studies multiply by the frozen weights
     */
    public record Engine(
            Placement device,
            Dtype dtype,
            int threads,
            int maxRows,
            int queueLimit,
            int prefillTokens,
            long cacheBytes,
            long adapterBytes,
            long prefixCacheBytes,
            EngineSettings.LearningDtype learning) {

        /** The engine's name of {@code dtype}. */
        public EngineSettings.Dtype arithmetic() {
            return switch (dtype) {
                case AUTO -> EngineSettings.Dtype.AUTO;
                case FP32 -> EngineSettings.Dtype.FP32;
                case BF16 -> EngineSettings.Dtype.BF16;
                case INT8 -> EngineSettings.Dtype.INT8;
            };
        }

        /** The same for the engine that runs {@code model}. */
        public EngineSettings of(Path model) {
            return new EngineSettings(
                    model,
                    device,
                    arithmetic(),
                    threads,
                    maxRows,
                    queueLimit,
                    prefillTokens,
                    cacheBytes,
                    adapterBytes,
                    prefixCacheBytes,
                    learning);
        }
    }

    /**
     * What holds for every answer.
     *
     * @param timeLimit an answer that takes longer is given up
     */
    public record Answers(Duration timeLimit) {}

    /**
     * One setting as it was given.
     *
     * @param name such as {@code listen.port}
     * @param text the value, null where it is worked out at start; a secret is masked
     * @param origin default, file NAME, environment VARIABLE or flag
     */
    public record Given(String name, @Nullable String text, String origin) {}

    /** Every setting, in the order of the file of defaults, as the same layers as {@link #read} give it. */
    public static List<Given> given(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        return SettingsLayers.of(file, environment, flags).given();
    }

    /**
     * Reads the tree: defaults, then {@code file} where it is not null, then {@code environment}, then {@code flags}.
     *
     * @param flags by the names of the tree, such as {@code listen.port}
     * @throws BadSettingsException naming every fault
     */
    public static Settings read(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        var layers = SettingsLayers.of(file, environment, flags);
        var reader = new SettingsReader(layers);
        var settings = reader.settings();
        reader.throwFaults();
        return settings;
    }
}
