package dev.apprentice.engine.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whatever a caller can put into a prompt, with every typed control token marked. */
final class GuardedValues {
    private final Guard guard;

    GuardedValues(Guard guard) {
        this.guard = guard;
    }

    /** The messages as a template sees them; {@code behind} goes to the end of the last content. */
    List<Object> messages(List<ChatMessage> messages, String behind) {
        List<Object> views = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            boolean assistant = message.role().equals("assistant");
            var content = guard.marked(message.content(), assistant) + (i == messages.size() - 1 ? behind : "");
            Map<String, Object> view = new LinkedHashMap<>();
            message.view().forEach((key, value) -> view.put(key, key.equals("content") ? content : value(value)));
            views.add(view);
        }
        return views;
    }

    Object value(Object value) {
        return switch (value) {
            case String text -> guard.marked(text, false);
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>(list.size());
                for (var item : list) {
                    items.add(item == null ? null : value(item));
                }
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
                map.forEach((key, entry) -> entries.put(value(key), entry == null ? null : value(entry)));
                yield entries;
            }
            default -> value;
        };
    }
}
