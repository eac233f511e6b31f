package dev.apprentice.learner.instance;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import java.util.regex.Pattern;

/** Which names an instance may have: those that no model name's syntax and no other model can be confused with. */
final class InstanceNames {
    private static final String RULE =
            "1 to 64 of a-z, 0-9, dot, underscore and hyphen, the first a letter or digit; not base, not the model's name";

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final String model;

    InstanceNames(String model) {
        this.model = model;
    }

    void check(String id) {
        if (!ID.matcher(id).matches() || id.equals("base") || id.equals(model)) {
            var found = id.length() > 80 ? id.substring(0, 80) + "…" : id;
            throw new UnprocessableException(
                    "invalid_id", "id must be " + RULE + "; found '" + found + "'", Fault.of("id", RULE, found));
        }
    }
}
