package dev.apprentice.learner.recall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NRTCachingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Opens the indexes below one folder, one for each instance, and makes those anew that are damaged, of another format
 * or of another {@link Stamp}: the ledger has everything that was in them.
 */
final class FolderCare {
    private static final System.Logger LOG = System.getLogger(FolderCare.class.getName());

    private static final String INDEXES = "index";

    /** Neighbours of a node in the graph, and how many are looked through for them: Lucene's, and a little less. */
    private static final int NEIGHBOURS = 16;

    private static final int LOOKED_THROUGH = 64;

    /** Memory for what is not written to a segment yet. */
    private static final double BUFFER_MEGABYTES = 32;

    /** What is so small stays in memory until the next commit: each new lesson is a part of its own at first. */
    private static final double CACHED_MERGE_MEGABYTES = 4;

    private static final double CACHED_MEGABYTES = 32;

    private static final int SEGMENTS_PER_TIER = 4;

    private final Path folder;
    private final Stamp stamp;
    private final Projection projection;

    FolderCare(Path folder, Stamp stamp, int width) {
        this.folder = folder;
        this.stamp = stamp;
        projection = new Projection(width);
    }

    /** Opens an instance's index; an empty one if there was none that can be used. */
    LessonFolder open(String instance) {
        var path = path(instance);
        try {
            if (Files.isDirectory(path)) {
                var reason = fault(path);
                if (reason != null) {
                    LOG.log(Level.WARNING, "recall_index_made_anew instance=" + instance + " reason=" + reason);
                    delete(path);
                }
            }
            return opened(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what an instance has; it must be closed. */
    void delete(String instance) {
        try {
            delete(path(instance));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what belongs to none of {@code instances}: a kill may come between an instance's end and its index's. */
    void keepOnly(Set<String> instances) {
        var here = folder.resolve(INDEXES);
        if (!Files.isDirectory(here)) {
            return;
        }
        try (var all = Files.list(here)) {
            for (var path : all.toList()) {
                if (!instances.contains(String.valueOf(path.getFileName()))) {
                    delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path path(String instance) {
        return folder.resolve(INDEXES).resolve(instance);
    }

    /** Why an index cannot be used; null if it can. Reads all of it once, since a flipped bit shows nowhere else. */
    private @Nullable String fault(Path path) {
        try (var directory = new MMapDirectory(path)) {
            if (!DirectoryReader.indexExists(directory)) {
                return "nothing_committed";
            }
            try (var reader = DirectoryReader.open(directory)) {
                var found = reader.getIndexCommit().getUserData().get(LessonFolder.STAMP);
                if (!stamp.text().equals(found)) {
                    return "stamp_" + found;
                }
                for (var leaf : reader.leaves()) {
                    leaf.reader().checkIntegrity();
                }
                return null;
            }
        } catch (IOException | RuntimeException e) { // Lucene says of a foreign format that an argument is illegal
            return e.getClass().getSimpleName();
        }
    }

    private LessonFolder opened(Path path) throws IOException {
        Files.createDirectories(path);
        var directory = new NRTCachingDirectory(new MMapDirectory(path), CACHED_MERGE_MEGABYTES, CACHED_MEGABYTES);
        try {
            var writer = new IndexWriter(directory, config());
            try {
                long seen = 0;
                for (var entry : writer.getLiveCommitData() == null
                        ? List.<Map.Entry<String, String>>of()
                        : writer.getLiveCommitData()) {
                    seen = entry.getKey().equals(LessonFolder.SEEN) ? Long.parseLong(entry.getValue()) : seen;
                }
                return new LessonFolder(path, directory, writer, stamp, projection, seen);
            } catch (IOException | RuntimeException e) {
                writer.rollback();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static IndexWriterConfig config() {
        var graph = new Lucene99HnswVectorsFormat(NEIGHBOURS, LOOKED_THROUGH);
        var merges = new ConcurrentMergeScheduler();
        merges.setMaxMergesAndThreads(2, 1); // answers are made on the same cores
        var policy = new TieredMergePolicy();
        policy.setSegmentsPerTier(SEGMENTS_PER_TIER);
        return new IndexWriterConfig()
                .setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return graph;
                    }
                })
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                .setMergeScheduler(merges)
                .setMergePolicy(policy)
                .setCommitOnClose(false);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (var all = Files.walk(path)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
