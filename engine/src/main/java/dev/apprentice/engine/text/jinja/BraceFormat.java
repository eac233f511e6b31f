package dev.apprentice.engine.text.jinja;

/** {@code '{} {0} {name!r:>5}'.format(…)} without attribute access, which the sandbox would refuse anyway. */
final class BraceFormat {
    private final Budget budget;

    BraceFormat(Budget budget) {
        this.budget = budget;
    }

    String format(String format, Arguments arguments) {
        var out = new StringBuilder();
        int automatic = 0;
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            boolean doubled = at < format.length() && format.charAt(at) == c;
            if ((c == '{' || c == '}') && doubled) {
                out.append(c);
                at++;
            } else if (c == '{') {
                int end = format.indexOf('}', at);
                if (end < 0) {
                    throw new TemplateError("format: expected '}'");
                }
                var field = format.substring(at, end);
                out.append(field(field, automatic, arguments));
                automatic += isAutomatic(field) ? 1 : 0;
                at = end + 1;
            } else if (c == '}') {
                throw new TemplateError("format: single '}'");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isAutomatic(String field) {
        return field.isEmpty() || field.charAt(0) == ':' || field.charAt(0) == '!';
    }

    private String field(String field, int automatic, Arguments arguments) {
        int colon = field.indexOf(':');
        var name = colon < 0 ? field : field.substring(0, colon);
        var specification = colon < 0 ? "" : field.substring(colon + 1);
        boolean repr = name.endsWith("!r");
        if (repr || name.endsWith("!s")) {
            name = name.substring(0, name.length() - 2);
        }
        var value = value(name.isEmpty() ? String.valueOf(automatic) : name, arguments);
        if (specification.isEmpty()) {
            var printer = new Printer(budget);
            return repr ? printer.repr(value) : printer.text(value);
        }
        if (!specification.matches("[+ 0]?[0-9]{0,5}(\\.[0-9]{1,3})?[sdfxXo]?")) {
            throw new TemplateError("format: unsupported specification '" + specification + "'");
        }
        boolean typed = Character.isLetter(specification.charAt(specification.length() - 1));
        var kind = typed ? "" : value instanceof Value.Int ? "d" : value instanceof Value.Real ? "f" : "s";
        return new PercentFormat(budget).format("%" + specification + kind, Values.tuple(value));
    }

    private static Value value(String name, Arguments arguments) {
        boolean numbered = !name.isEmpty() && name.length() < 6 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        var found = numbered
                ? arguments.find(Integer.parseInt(name), "")
                : arguments.named().get(name);
        if (found == null) {
            throw new TemplateError("format: no argument '" + name + "'");
        }
        return found;
    }
}
