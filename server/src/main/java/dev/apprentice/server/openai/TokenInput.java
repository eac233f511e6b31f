package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * A field that holds one or several texts, each written out or as token ids: a string, a list of strings, a list of ids
 * or a list of such lists.
 */
final class TokenInput {
    private static final String EXPECTED = "a string, a list of strings, a list of token ids or a list of such lists";

    private final Fields body;
    private final String field;
    private final Tokenizer tokenizer;
    private final int vocabulary;
    private final int itemsMax;

    /**
     * One of the texts.
     *
     * @param text as written, or what the ids say
     * @param ids its tokens, at least one
     */
    record Item(String text, List<Integer> ids) {
        Item {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Reads {@code field} of {@code body} for a model with {@code vocabulary} tokens; at most {@code itemsMax} texts.
     */
    TokenInput(Fields body, String field, Tokenizer tokenizer, int vocabulary, int itemsMax) {
        this.body = body;
        this.field = field;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.itemsMax = itemsMax;
    }

    /** The texts, at least one, in their order. */
    List<Item> read() {
        var value = body.value(field).orElseThrow(() -> body.missing(field, EXPECTED));
        if (value.isTextual()) {
            return List.of(text(value, field));
        }
        if (!value.isArray()) {
            throw Fields.wrongType(body.name(field), EXPECTED, value);
        }
        if (value.isEmpty()) {
            throw body.wrongValue(field, EXPECTED + ", and none of them empty", value);
        }
        if (value.get(0).isNumber()) {
            return List.of(ids(value, field));
        }
        if (value.size() > itemsMax) {
            throw body.wrongValue(field, "a list of at most " + itemsMax + " texts", value);
        }
        var items = new ArrayList<Item>();
        for (var i = 0; i < value.size(); i++) {
            var name = body.name(field) + "[" + i + "]";
            var item = value.get(i);
            if (item.isTextual() == value.get(0).isTextual() && (item.isTextual() || item.isArray())) {
                items.add(item.isTextual() ? text(item, name) : ids(item, name));
            } else {
                throw Fields.wrongType(name, EXPECTED, item);
            }
        }
        return items;
    }

    private Item text(JsonNode node, String name) {
        var ids = new ArrayList<Integer>();
        for (int id : tokenizer.encodePlain(node.textValue())) {
            ids.add(id);
        }
        if (ids.isEmpty()) {
            throw Fields.wrongType(name, "a text that is not empty", node);
        }
        return new Item(node.textValue(), ids);
    }

    private Item ids(JsonNode list, String name) {
        var expected = "a list of token ids from 0 to " + (vocabulary - 1) + ", at least one";
        if (list.isEmpty()) {
            throw Fields.wrongType(name, expected, list);
        }
        var ids = new int[list.size()];
        var boxed = new ArrayList<Integer>();
        for (var i = 0; i < ids.length; i++) {
            var id = list.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
                throw Fields.wrongType(name, expected, id);
            }
            ids[i] = id.intValue();
            boxed.add(ids[i]);
        }
        return new Item(tokenizer.decode(ids, false), boxed);
    }
}
