package dev.apprentice.server.responses;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.interaction.Interaction;
import dev.apprentice.learner.interaction.Keepsake;
import dev.apprentice.learner.interaction.Keepsakes;
import dev.apprentice.server.asking.Turns;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.security.Caller;
import java.util.List;
import java.util.Optional;

/** Responses that can be had again, as far as a caller may see them. */
final class KeptResponses {
    private final Keepsakes keepsakes;

    KeptResponses(Keepsakes keepsakes) {
        this.keepsakes = keepsakes;
    }

    /** Keeps {@code response}; it is durable when this returns. */
    void keep(ObjectNode response) {
        keepsakes.keep(response.get("id").textValue(), response.toString());
    }

    /**
     * The response {@code id}, as it was told.
     *
     * @throws NotFoundException code {@code response_not_found}
     */
    ObjectNode get(String id, Caller caller) {
        return find(id, caller).map(KeptResponses::json).orElseThrow(() -> missing("id", "response_not_found", id));
    }

    /**
     * Lets {@code id} be found no more.
     *
     * @throws NotFoundException code {@code response_not_found}
     */
    void delete(String id, Caller caller) {
        get(id, caller);
        keepsakes.forget(id);
    }

    /**
     * The conversation to the end of the response {@code id}, without the instructions that held for it alone.
     *
     * @throws NotFoundException code {@code previous_response_not_found}
     */
    List<ChatMessage> conversation(String id, Caller caller) {
        return find(id, caller)
                .flatMap(KeptResponses::conversation)
                .orElseThrow(() -> missing("previous_response_id", "previous_response_not_found", id));
    }

    private Optional<Keepsake> find(String id, Caller caller) {
        return keepsakes.find(id).filter(found -> sees(caller, found.interaction()));
    }

    private static boolean sees(Caller caller, Interaction interaction) {
        var instance = interaction.instance();
        return caller.sees(instance == null ? "base" : instance);
    }

    /** Nothing where the texts of the request are gone. */
    private static Optional<List<ChatMessage>> conversation(Keepsake kept) {
        var response = json(kept);
        return Optional.ofNullable(kept.interaction().messages()).map(asked -> {
            var turns = new Turns(response.hasNonNull("instructions") ? asked.subList(1, asked.size()) : asked);
            InputItems.read(Fields.of(response).objects("output").orElseThrow(), turns);
            return turns.all();
        });
    }

    private static ObjectNode json(Keepsake kept) {
        try {
            return (ObjectNode) Json.strict().readTree(kept.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the kept response " + kept.interaction().id() + " is damaged", e);
        }
    }

    private static NotFoundException missing(String field, String code, String id) {
        return new NotFoundException(
                code, "there is no response '" + id + "'", Fault.of(field, "a stored response's id", id));
    }
}
