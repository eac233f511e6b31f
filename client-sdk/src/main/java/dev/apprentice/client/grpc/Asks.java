package dev.apprentice.client.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.WithdrawAllRequest;
import dev.apprentice.client.value.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Writes questions and feedback, which the SDK holds as HTTP has them, as gRPC has them. */
final class Asks {
    private static final Set<String> SAMPLING = Set.of(
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repetition_penalty",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "stop",
            "min_tokens",
            "ignore_eos");

    private Asks() {}

    static dev.apprentice.client.v1.AskRequest of(AskRequest request) {
        var to = Wire.object();
        for (var field : request.json().properties()) {
            var name = field.getKey();
            var value = field.getValue();
            switch (name) {
                case "messages" -> to.set(name, messages(value));
                case "tools" -> to.set(name, functions(value));
                case "tool_choice" -> to.set(name, value.isObject() ? value.at("/function/name") : value);
                case "response_format" -> to.set(name, format(value));
                case "guided_regex" -> to.putObject("response_format").set("regex", value);
                case "guided_choice" ->
                    to.putObject("response_format").putObject("choice").set("values", value);
                case "logprobs" -> {} // over gRPC the number of alternatives says it
                case "metadata" -> metadata(to, value);
                case "apprentice" -> to.setAll((ObjectNode) value);
                default -> {
                    var place = SAMPLING.contains(name) ? to.withObjectProperty("sampling") : to;
                    place.set(name, value);
                }
            }
        }
        return JsonProto.into(dev.apprentice.client.v1.AskRequest.newBuilder(), to)
                .build();
    }

    /** The episode has a field of its own; the rest is carried if the contract has come to have a place for it. */
    private static void metadata(ObjectNode to, JsonNode metadata) {
        var rest = ((ObjectNode) metadata).deepCopy();
        var episode = rest.remove("episode");
        if (episode != null) {
            to.set("episode", episode);
        }
        if (!rest.isEmpty()) {
            to.set("metadata", rest);
        }
    }

    private static ObjectNode format(JsonNode format) {
        var json = Wire.object();
        switch (format.path("type").asText()) {
            case "json_schema" -> json.set("json_schema", format.at("/json_schema/schema"));
            case "json_object" -> json.putObject("json_object");
            default -> json.set(format.path("type").asText(), format); // refused by name
        }
        return json;
    }

    private static ArrayNode messages(JsonNode messages) {
        var list = Wire.object().arrayNode();
        for (var message : messages) {
            list.add(message(message));
        }
        return list;
    }

    private static ObjectNode message(JsonNode message) {
        var json = (ObjectNode) message.deepCopy();
        if (json.has("tool_calls")) {
            json.set("tool_calls", functions(json.get("tool_calls")));
        }
        return json;
    }

    /** HTTP has {@code {"type":"function","function":{…}}}, gRPC what is inside, beside the id. */
    private static ArrayNode functions(JsonNode wrapped) {
        var list = Wire.object().arrayNode();
        for (var element : wrapped) {
            var flat = list.addObject();
            flat.setAll((ObjectNode) element.path("function"));
            if (element.has("id")) {
                flat.set("id", element.get("id"));
            }
        }
        return list;
    }

    static GiveRequest of(Feedback feedback) {
        var from = feedback.json();
        var to = Wire.object();
        var by = from.remove("by");
        if (by != null) {
            to.set("by", by);
        }
        var kind = from.remove("kind").asText();
        var body = to.putObject(kind);
        for (var field : from.properties()) {
            var name = field.getKey();
            var value = field.getValue();
            switch (name) {
                case "messages" -> body.set(name, messages(value));
                case "tools" -> body.set(name, functions(value));
                case "message" -> body.set("tool_calls", message(value).get("tool_calls"));
                case "rating" -> body.put("up", up(value.asText()));
                case "chosen", "rejected" ->
                    body.set(name, value.isTextual() ? Wire.object().set("interaction", value) : value);
                default -> body.set(name, value);
            }
        }
        return JsonProto.into(GiveRequest.newBuilder(), to).build();
    }

    static WithdrawAllRequest of(Withdrawal which) {
        var from = which.json();
        var times = List.of("after", "before");
        var to = WithdrawAllRequest.newBuilder();
        for (var name : times) {
            var time = from.remove(name);
            if (time != null) {
                to.setField(to.getDescriptorForType().findFieldByName(name), timestamp(time.asText()));
            }
        }
        return JsonProto.into(to, from).build();
    }

    private static Timestamp timestamp(String time) {
        var instant = Instant.parse(time);
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static boolean up(String rating) {
        return switch (rating) {
            case "up" -> true;
            case "down" -> false;
            default -> throw new IllegalArgumentException("over gRPC a rating is up or down, found " + rating);
        };
    }
}
