package dev.apprentice.engine.model.hub;

import java.util.List;

/**
 * A model that a name stands for: one set of files, whatever the source.
 *
 * @param about one line for a person
 * @param license its SPDX identifier
 * @param files all its files
 * @param sources where to get them, in the order of trying
 */
record KnownModel(String about, String license, List<ModelFile> files, List<Source> sources) {

    KnownModel {
        files = List.copyOf(files);
        sources = List.copyOf(sources);
        if (files.isEmpty() || sources.isEmpty()) {
            throw new IllegalArgumentException("a known model needs files and sources");
        }
        if (files.stream().map(ModelFile::path).distinct().count() != files.size()) {
            throw new IllegalArgumentException("a file is listed twice");
        }
    }

    long bytes() {
        return files.stream().mapToLong(ModelFile::bytes).sum();
    }
}
