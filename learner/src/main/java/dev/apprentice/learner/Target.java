package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import java.util.regex.Pattern;

/** Whom a request's {@code model} names. */
sealed interface Target {
    /** The bare base: no adapter, no recall, no feedback. */
    record Base() implements Target {}

    /** An instance at whatever checkpoint is live. */
    record Live(String instance) implements Target {}

    /** An instance at one checkpoint. */
    record At(String instance, int checkpoint) implements Target {}

    /** The name of the base that every server answers to. */
    String BASE = "base";

    /** A checkpoint's number as we write it: no sign, no leading zero. */
    Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    /**
     * Whom {@code model} names, so far as its form says.
     *
     * @param baseName the loaded model's own name
     * @throws NotFoundException code {@code model_not_found}
     */
    static Target of(String model, String baseName) {
        if (model.equals(BASE) || model.equals(baseName)) {
            return new Base();
        }
        var at = model.indexOf('@');
        if (at < 0) {
            return new Live(model);
        }
        var number = model.substring(at + 1);
        if (!NUMBER.matcher(number).matches()) {
            throw missing(model);
        }
        return new At(model.substring(0, at), Integer.parseInt(number));
    }

    /** Nobody of that name is here: never answered by somebody else instead. */
    static NotFoundException missing(String model) {
        var found = model.length() > 100 ? model.substring(0, 100) + "…" : model;
        return new NotFoundException(
                "model_not_found",
                "there is no model '" + found + "'",
                Fault.of("model", "an instance's id, that with @ and a checkpoint's number, or base", found));
    }
}
