package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.server.http.Fields;
import java.util.List;
import java.util.Set;

/** Fields that are described and not built yet: refused wherever they would change the answer. */
final class Unbuilt {
    private static final double PENALTY_MAX = 2;

    private Unbuilt() {}

    /** Refuses {@code body} if it asks for what is not built; wrong types and ranges are named first. */
    static void refuse(Fields body) {
        refusePenalties(body);
        refuseModalities(body);
    }

    static NotBuiltException because(String field, String what) {
        return new NotBuiltException("not_built", what + " (" + field + ") is not built yet", Fault.at(field));
    }

    private static void refusePenalties(Fields body) {
        for (var field : List.of("frequency_penalty", "presence_penalty")) {
            if (body.number(field, -PENALTY_MAX, PENALTY_MAX).orElse(0.0) != 0) {
                throw because(field, "a penalty for repeated tokens");
            }
        }
        if (body.number("repetition_penalty", 0, 10).orElse(1.0) != 1) {
            throw because("repetition_penalty", "a penalty for repeated tokens");
        }
        if (body.object("logit_bias").filter(bias -> !bias.names().isEmpty()).isPresent()) {
            throw because("logit_bias", "a bias on single tokens");
        }
    }

    private static void refuseModalities(Fields body) {
        for (var modality : body.list("modalities").orElse(List.of())) {
            if (!modality.asText().equals("text")) {
                throw because("modalities", "an answer other than text");
            }
        }
    }
}
