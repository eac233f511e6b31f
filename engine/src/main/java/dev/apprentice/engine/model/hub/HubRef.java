package dev.apprentice.engine.model.hub;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;

/**
 * A repository of the model hub at a revision, written {@code hf:ORG/NAME@REVISION}.
 *
 * @param repo ORG/NAME
 * @param revision a branch, tag or commit; {@code main} unless given
 */
record HubRef(String repo, String revision) {
    private static final String PREFIX = "hf:";

    HubRef {
        if (!repo.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")) {
            throw bad("hf:" + repo);
        }
        if (!revision.matches("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}") || revision.contains("..")) {
            throw bad("hf:" + repo + "@" + revision);
        }
    }

    static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    static HubRef parse(String text) {
        var rest = text.substring(PREFIX.length());
        var at = rest.indexOf('@');
        return at < 0 ? new HubRef(rest, "main") : new HubRef(rest.substring(0, at), rest.substring(at + 1));
    }

    /** Whether the revision is a full commit, which never means anything else. */
    boolean isCommit() {
        return revision.matches("[0-9a-f]{40}");
    }

    private static InvalidRequestException bad(String found) {
        var expected = "hf:ORG/NAME or hf:ORG/NAME@REVISION";
        return new InvalidRequestException(
                "bad_model_reference",
                "model: expected " + expected + ", found '" + found + "'",
                Fault.of("model", expected, found));
    }

    @Override
    public String toString() {
        return PREFIX + repo + "@" + revision;
    }
}
