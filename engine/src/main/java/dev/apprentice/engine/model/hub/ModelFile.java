package dev.apprentice.engine.model.hub;

import java.nio.file.Path;

/**
 * One file of a model.
 *
 * @param path relative, with {@code /} between its parts
 * @param bytes its exact size
 * @param digest its fingerprint
 */
record ModelFile(String path, long bytes, FileDigest digest) {

    ModelFile {
        if (!isSafe(path)) {
            throw new IllegalArgumentException("path must be relative, without '..' or '\\', not '" + path + "'");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be at least 0, not " + bytes);
        }
    }

    /** Whether {@code path} stays inside the folder it is resolved against, and off our own files there. */
    static boolean isSafe(String path) {
        if (path.isEmpty() || path.length() > 500 || path.indexOf('\\') >= 0 || path.indexOf(':') >= 0) {
            return false;
        }
        for (var part : path.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".") || part.chars().anyMatch(Character::isISOControl)) {
                return false;
            }
        }
        return !path.equals(Manifest.FILE);
    }

    Path in(Path folder) {
        return folder.resolve(path);
    }
}
