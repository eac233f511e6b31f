package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The strings of a schema, as they stand between quotation marks. */
final class StringForm {
    static final Set<String> KEYWORDS = Set.of("minLength", "maxLength", "pattern", "format");
    private static final String DATE = "(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]))";

    /** Offsets as they are in use, of up to 14 hours: parsers don't go as far as RFC 3339 does. */
    private static final String TIME =
            "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]))";

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String HOST = "(?:" + labels(61, 2) + "|" + labels(28, 7) + ")";
    private static final Map<String, String> FORMATS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "duration",
            "P(?:[0-9]{1,4}W|[0-9]{1,4}D|T[0-9]{1,4}[HMS]|[0-9]{1,4}DT[0-9]{1,4}[HMS])",
            "uuid",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "email",
            "[A-Za-z0-9_+-]{1,20}(?:\\.[A-Za-z0-9_+-]{1,20}){0,2}@[a-z0-9]{1,32}(?:\\.[a-z0-9]{1,32}){0,2}\\.[a-z]{2,12}",
            "hostname",
            HOST,
            "ipv4",
            "(?:" + OCTET + "\\.){3}" + OCTET,
            "ipv6",
            "(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}");

    private StringForm() {}

    /** Parts of a host's name, which has at most 253 letters in all. */
    private static String labels(int inside, int more) {
        var label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0," + inside + "}[A-Za-z0-9])?";
        return label + "(?:\\." + label + "){0," + more + "}";
    }

    /** What {@code schema}, at {@code path}, allows; the keywords hold together. */
    static Form of(ObjectNode schema, String path) {
        var forms = new ArrayList<Form>();
        var said = new ArrayList<String>();
        if (schema.has("pattern")) {
            forms.add(RegexForm.inJson(text(schema, "pattern", path), path + ".pattern"));
            said.add("pattern");
        }
        if (schema.has("format")) {
            forms.add(format(text(schema, "format", path), path + ".format"));
            said.add("format");
        }
        if (schema.has("minLength") || schema.has("maxLength")) {
            int min = SchemaForm.count(schema, "minLength", 0, path);
            int max = SchemaForm.count(schema, "maxLength", -1, path);
            if (max >= 0 && max < min) {
                throw SchemaForm.unsupported(path + ".maxLength", "is below minLength");
            }
            forms.add(new Form.Times(JsonForms.CHARACTER, min, max));
            said.add(schema.has("maxLength") ? "maxLength" : "minLength");
        }
        return forms.isEmpty() ? JsonForms.ANY_CHARACTERS : together(forms, said, path);
    }

    private static Form together(List<Form> forms, List<String> said, String path) {
        var all = forms.getFirst();
        for (int i = 1; i < forms.size(); i++) {
            var beside = said.get(0);
            all = Both.of(all, forms.get(i))
                    .orElseThrow(() -> SchemaForm.unsupported(
                            path + "." + beside,
                            "leaves no text beside the other keywords, or takes too long to be combined with them"));
        }
        return all;
    }

    private static String text(ObjectNode schema, String keyword, String path) {
        var value = schema.get(keyword);
        if (!value.isTextual()) {
            throw SchemaForm.unsupported(path + "." + keyword, "must be a string");
        }
        return value.textValue();
    }

    private static Form format(String name, String path) {
        var expression = FORMATS.get(name);
        if (expression == null) {
            throw SchemaForm.unsupported(path, "is not supported: " + name);
        }
        return RegexForm.whole(expression, path);
    }
}
