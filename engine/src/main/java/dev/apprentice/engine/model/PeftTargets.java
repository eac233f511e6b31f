package dev.apprentice.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which modules an adapter_config.json says the adapter changes. Source: peft {@code tuners_utils.py},
 * {@code check_target_module_exists}.
 */
final class PeftTargets {
    private static final Pattern LAYER = Pattern.compile(".*?\\.[^.]*\\.(\\d{1,9})\\..*");

    private final JsonFile config;
    private final Blame blame;

    PeftTargets(JsonFile config) {
        this.config = config;
        this.blame = config.blame();
    }

    /** Those of {@code modules} that are targets; an entry that names none of them is an error. */
    Set<String> among(Set<String> modules) {
        var targets = config.get("target_modules");
        if (targets == null) {
            throw blame.missing("target_modules", "a list or a regular expression");
        }
        var excluded = excluded();
        var found = new HashSet<String>();
        if (targets.isTextual()) {
            var wanted = matching("target_modules", targets.textValue());
            modules.stream().filter(wanted).forEach(found::add);
            if (found.isEmpty()) {
                throw blame.contradictory("target_modules", "a module of this model", targets.textValue());
            }
        } else {
            var layers = layers();
            for (var name : names("target_modules", targets)) {
                var named =
                        modules.stream().filter(module -> names(name, module)).toList();
                if (named.isEmpty()) {
                    throw blame.contradictory("target_modules", "modules of this model", name);
                }
                named.stream()
                        .filter(module -> module.equals(name) || inLayers(module, layers))
                        .forEach(found::add);
            }
        }
        found.removeIf(excluded);
        return found;
    }

    private Predicate<String> excluded() {
        var excluded = config.get("exclude_modules");
        if (excluded == null) {
            return module -> false;
        }
        if (excluded.isTextual()) {
            return excluded.textValue().isEmpty() ? module -> false : matching("exclude_modules", excluded.textValue());
        }
        var names = names("exclude_modules", excluded);
        return module -> names.stream().anyMatch(name -> names(name, module));
    }

    private Predicate<String> matching(String field, String regex) {
        if (field.equals("target_modules") && regex.equalsIgnoreCase("all-linear")) {
            return module -> true;
        }
        return BoundedPattern.of("", regex, "", field, blame)::matches;
    }

    private static boolean names(String name, String module) {
        return module.equals(name) || module.endsWith("." + name);
    }

    private List<String> names(String field, JsonNode list) {
        if (!list.isArray()) {
            throw config.wrong(field, "a list of names", list);
        }
        var names = new ArrayList<String>();
        for (var name : list) {
            if (!name.isTextual()) {
                throw config.wrong(field, "a list of names", list);
            }
            names.add(name.textValue());
        }
        return names;
    }

    /** The layers that a list of target names is restricted to, or null for all. */
    private @Nullable Set<Long> layers() {
        var pattern = config.get("layers_pattern");
        if (pattern != null) {
            for (var name : pattern.isTextual() ? List.of(pattern) : pattern) {
                if (!name.asText().equals("layers") && !name.asText().isEmpty()) {
                    throw blame.unsupported("layers_pattern", "layers", pattern.toString());
                }
            }
        }
        var only = config.get("layers_to_transform");
        if (only == null || (only.isArray() && only.isEmpty())) {
            return null;
        }
        var layers = new HashSet<Long>();
        if (only.isArray()) {
            only.forEach(layer -> layers.add(config.whole("layers_to_transform", layer)));
        } else {
            layers.add(config.whole("layers_to_transform", only));
        }
        return layers;
    }

    private static boolean inLayers(String module, @Nullable Set<Long> layers) {
        if (layers == null) {
            return true;
        }
        var layer = LAYER.matcher(module);
        return layer.matches() && layers.contains(Long.parseLong(layer.group(1)));
    }
}
