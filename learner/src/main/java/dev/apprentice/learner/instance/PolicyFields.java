package dev.apprentice.learner.instance;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A policy's fields under the contract's names: the one place where the two meet, for answers, changes and rows. */
final class PolicyFields {
    private PolicyFields() {}

    static Map<String, @Nullable Object> of(Policy policy) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("recall", policy.recall());
        fields.put("auto_promote", policy.autoPromote());
        fields.put("canary_percent", policy.canaryPercent());
        fields.put("shadow_percent", policy.shadowPercent());
        fields.put("drift_budget_nats", policy.driftBudgetNats());
        fields.put("help_below", policy.helpBelow());
        fields.put("min_lessons_to_study", policy.minLessonsToStudy());
        fields.put("max_lessons_per_hour", policy.maxLessonsPerHour());
        fields.put("trust", policy.trust());
        fields.put("approval", word(policy.approval()));
        fields.put("implicit", policy.implicit());
        fields.put("match", word(policy.match()));
        fields.put("store_messages", policy.storeMessages());
        var at = policy.rebuildAt();
        fields.put("rebuild_at", at == null ? null : at.toString());
        return fields;
    }

    static Policy apply(Policy policy, Map<String, ? extends @Nullable Object> changes) {
        var fields = of(policy);
        for (var change : changes.entrySet()) {
            if (!fields.containsKey(change.getKey())) {
                throw bad(change.getKey(), "one of " + String.join(", ", fields.keySet()), "an unknown field");
            }
            fields.put(change.getKey(), change.getValue());
        }
        return new Policy(
                bool(fields, "recall"),
                bool(fields, "auto_promote"),
                whole(fields, "canary_percent"),
                whole(fields, "shadow_percent"),
                number(fields, "drift_budget_nats"),
                number(fields, "help_below"),
                whole(fields, "min_lessons_to_study"),
                fields.get("max_lessons_per_hour") == null ? null : (Integer) whole(fields, "max_lessons_per_hour"),
                trust(fields.get("trust")),
                choice(fields, "approval", Approval.class),
                bool(fields, "implicit"),
                choice(fields, "match", Match.class),
                bool(fields, "store_messages"),
                hour(fields.get("rebuild_at")));
    }

    private static @Nullable LocalTime hour(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof String text && text.matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
            return LocalTime.parse(text);
        }
        throw bad("rebuild_at", "an hour of the day in UTC such as 03:00, or null", value);
    }

    private static boolean bool(Map<String, @Nullable Object> fields, String name) {
        if (fields.get(name) instanceof Boolean value) {
            return value;
        }
        throw bad(name, "true or false", fields.get(name));
    }

    private static int whole(Map<String, @Nullable Object> fields, String name) {
        if (fields.get(name) instanceof Number value
                && !(value instanceof Double)
                && value.longValue() == value.intValue()) {
            return value.intValue();
        }
        throw bad(name, "a whole number", fields.get(name));
    }

    private static double number(Map<String, @Nullable Object> fields, String name) {
        if (fields.get(name) instanceof Number value) {
            return value.doubleValue();
        }
        throw bad(name, "a number", fields.get(name));
    }

    private static Map<String, Double> trust(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw bad("trust", "an object of numbers from 0 to 1 by teacher", value);
        }
        var trust = new LinkedHashMap<String, Double>();
        map.forEach((teacher, weight) -> {
            if (!(weight instanceof Number number)) {
                throw bad("trust." + teacher, "a number from 0 to 1", weight);
            }
            trust.put(String.valueOf(teacher), number.doubleValue());
        });
        return trust;
    }

    private static <E extends Enum<E>> E choice(Map<String, @Nullable Object> fields, String name, Class<E> type) {
        for (var constant : type.getEnumConstants()) {
            if (word(constant).equals(fields.get(name))) {
                return constant;
            }
        }
        var words = new java.util.StringJoiner(", ");
        for (var constant : type.getEnumConstants()) {
            words.add(word(constant));
        }
        throw bad(name, "one of " + words, fields.get(name));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static InvalidRequestException bad(String name, String expected, @Nullable Object found) {
        var field = "policy." + name;
        return new InvalidRequestException(
                "invalid_value",
                field + " must be " + expected + ", found " + found,
                Fault.of(field, expected, String.valueOf(found)));
    }
}
