package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** All keys of JSON objects but some, letter by letter. */
final class KeyForm {
    private static final int LETTERS_MAX = 2000;

    private final Node root = new Node();

    private static final class Node {
        final Map<Integer, Node> next = new TreeMap<>();
        boolean taken;
    }

    /** All keys but those of {@code named}, an object's {@code properties} at {@code path}. */
    KeyForm(JsonNode named, String path) {
        if (named.propertyStream().mapToInt(it -> it.getKey().length()).sum() > LETTERS_MAX) {
            throw SchemaForm.unsupported(
                    path + ".additionalProperties",
                    "is not supported as a schema beside names of more than " + LETTERS_MAX + " letters");
        }
        named.fieldNames().forEachRemaining(name -> {
            var node = root;
            for (int letter : name.codePoints().toArray()) {
                node = node.next.computeIfAbsent(letter, _ -> new Node());
            }
            node.taken = true;
        });
    }

    Form form() {
        return Forms.then(Forms.text("\""), after(root), Forms.text("\""));
    }

    private static Form after(Node node) {
        var others = new BitSet();
        others.set(0, Forms.LAST + 1);
        var options = new ArrayList<Form>();
        if (!node.taken) {
            options.add(new Form.Empty());
        }
        node.next.forEach((letter, next) -> {
            others.clear(letter);
            var said = new BitSet();
            said.set(letter);
            options.add(Forms.then(JsonForms.characters(said), after(next)));
        });
        options.add(Forms.then(JsonForms.characters(others), JsonForms.ANY_CHARACTERS));
        return Forms.either(options);
    }
}
