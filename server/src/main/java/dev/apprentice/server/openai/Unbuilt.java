package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.server.http.Fields;
import java.util.List;

/** Fields that are described and not built yet: refused wherever they would change the answer. */
final class Unbuilt {
    private Unbuilt() {}

    /** Refuses {@code body} if it asks for what is not built; wrong types and ranges are named first. */
    static void refuse(Fields body) {
        refuseModalities(body);
    }

    static NotBuiltException because(String field, String what) {
        return new NotBuiltException("not_built", what + " (" + field + ") is not built yet", Fault.at(field));
    }

    private static void refuseModalities(Fields body) {
        for (var modality : body.list("modalities").orElse(List.of())) {
            if (!modality.asText().equals("text")) {
                throw because("modalities", "an answer other than text");
            }
        }
    }
}
