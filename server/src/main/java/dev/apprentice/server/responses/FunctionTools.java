package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.server.asking.Tool;
import dev.apprentice.server.asking.ToolChoice;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.List;

/** Reads which functions may be called, and writes them back as the response repeats them. */
final class FunctionTools {
    private FunctionTools() {}

    /** The functions in {@code tools}. */
    static List<Tool> in(Fields body) {
        var tools = new ArrayList<Tool>();
        for (var item : body.objects("tools").orElse(List.of())) {
            if (!item.requiredString("type").equals("function")) {
                throw item.wrongValue(
                        "type",
                        "function: there are no built-in tools here",
                        item.value("type").orElseThrow());
            }
            tools.add(ToolFields.tool(item, "parameters"));
        }
        return ToolFields.checked(body, tools);
    }

    static JsonNode json(List<Tool> tools) {
        var list = Wire.object().arrayNode();
        for (var tool : tools) {
            var json = list.addObject()
                    .put("type", "function")
                    .put("name", tool.name())
                    .put("description", tool.description());
            json.set("parameters", tool.parameters());
            json.put("strict", tool.strict());
        }
        return list;
    }

    static JsonNode json(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> Wire.value("auto");
            case ToolChoice.None _ -> Wire.value("none");
            case ToolChoice.Required _ -> Wire.value("required");
            case ToolChoice.Named(var name) ->
                Wire.object().put("type", "function").put("name", name);
        };
    }
}
