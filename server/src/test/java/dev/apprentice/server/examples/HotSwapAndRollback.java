package dev.apprentice.server.examples;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.transport.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An administrator puts an adapter into service while people are being answered, and takes it back. */
public final class HotSwapAndRollback {
    private HotSwapAndRollback() {}

    /** Uploads {@code adapter}, promotes it, rolls back; gives back which checkpoint was live after each step. */
    public static List<Integer> run(String url, String instance, Path adapter) throws IOException {
        try (var client = ApprenticeClient.http(url).build()) {
            var checkpoints = client.checkpoints(instance);
            var uploaded = checkpoints.upload(Content.of(adapter)).number().orElseThrow();
            checkpoints.promote(uploaded);
            int swapped = client.instances().get(instance).liveCheckpoint();
            checkpoints.rollback();
            return List.of(swapped, client.instances().get(instance).liveCheckpoint());
        }
    }
}
