package dev.apprentice.server.anthropic;

import dev.apprentice.server.asking.Tool;
import dev.apprentice.server.asking.ToolChoice;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads which tools of the client's may be called. */
final class ClientTools {
    private ClientTools() {}

    /** The tools in {@code tools}. */
    static List<Tool> in(Fields body) {
        var tools = new ArrayList<Tool>();
        for (var item : body.objects("tools").orElse(List.of())) {
            if (!item.string("type").orElse("custom").equals("custom")) {
                throw item.wrongValue(
                        "type",
                        "custom: there are no built-in tools here",
                        item.value("type").orElseThrow());
            }
            if (item.object("input_schema").isEmpty()) {
                throw item.missing("input_schema", "an object that is a JSON schema");
            }
            tools.add(ToolFields.tool(item, "input_schema"));
        }
        return ToolFields.checked(body, tools);
    }

    /** Whether {@code tools} are called: {@code tool_choice}. */
    static ToolChoice choice(Fields body, List<Tool> tools) {
        var choice = body.object("tool_choice");
        if (choice.isEmpty()) {
            return new ToolChoice.Auto();
        }
        var type = choice.get().requiredChoice("type", Set.of("auto", "any", "tool", "none"));
        if (tools.isEmpty() && !type.equals("auto") && !type.equals("none")) {
            throw choice.get()
                    .wrongValue(
                            "type",
                            "auto or none where there are no tools",
                            choice.get().value("type").orElseThrow());
        }
        return switch (type) {
            case "any" -> new ToolChoice.Required();
            case "tool" -> new ToolChoice.Named(choice.get().requiredString("name"));
            case "none" -> new ToolChoice.None();
            default -> new ToolChoice.Auto();
        };
    }

    /** Whether one answer may call several times. */
    static boolean parallel(Fields body) {
        return !body.object("tool_choice")
                .flatMap(choice -> choice.bool("disable_parallel_tool_use"))
                .orElse(false);
    }
}
