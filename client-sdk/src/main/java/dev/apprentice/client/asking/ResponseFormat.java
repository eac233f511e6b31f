package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.List;

/** What an answer must look like; the server masks every token that would break it. */
public final class ResponseFormat extends JsonValue {
    private ResponseFormat(ObjectNode json) {
        super(json);
    }

    /**
     * Any JSON object.
     *
     * @return the form
     */
    public static ResponseFormat jsonObject() {
        return new ResponseFormat(Wire.object().put("type", "json_object"));
    }

    /**
     * JSON that {@code schema} allows; {@code name} is for the logs.
     *
     * @param name a name for the logs
     * @param schema a JSON schema; keywords that the server does not know are refused by name
     * @return the form
     */
    public static ResponseFormat jsonSchema(String name, ObjectNode schema) {
        var json = Wire.object().put("type", "json_schema");
        json.putObject("json_schema").put("name", name).put("strict", true).set("schema", schema);
        return new ResponseFormat(json);
    }

    /**
     * Text that {@code regex} matches from its beginning to its end.
     *
     * @param regex a regular expression without look-around and back references
     * @return the form
     */
    public static ResponseFormat regex(String regex) {
        return new ResponseFormat(Wire.object().put("type", "regex").put("regex", regex));
    }

    /**
     * One of {@code values}, word for word.
     *
     * @param values the allowed answers
     * @return the form
     */
    public static ResponseFormat choice(List<String> values) {
        var json = Wire.object().put("type", "choice");
        var list = json.putArray("choice");
        values.forEach(list::add);
        return new ResponseFormat(json);
    }

    /** {@return {@code json_object}, {@code json_schema}, {@code regex} or {@code choice}} */
    public String type() {
        return text("type");
    }
}
