package dev.apprentice.server.command;

import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import java.util.Locale;

/** What a person reads when the server is open: what was loaded, and the three calls to try. */
final class Banner {
    private static final int INSTANCES_SHOWN_MAX = 10;

    private Banner() {}

    static String of(Apprentice apprentice, Settings settings) {
        var address = (settings.listen().edge().tls() == null ? "http://" : "https://")
                + host(settings.listen().host()) + ":" + apprentice.port();
        var base = apprentice.engine().base();
        var instances = apprentice.learner().instances().ids();
        return """

                Apprentice is listening on %s, %s.

                  base       %s: %d layers, %,d tokens of context, %s, %d threads
                  data       %s
                  instances  %s

                Ask:      curl %s/v1/chat/completions -H 'Content-Type: application/json' \\
                            -d '{"model":"%s","messages":[{"role":"user","content":"Which desk handles a lost parcel?"}]}'
                Correct:  curl %s/v1/feedback -H 'Content-Type: application/json' \\
                            -d '{"interaction":"ID OF THE ANSWER","kind":"correction","answer":"Desk Heron"}'
                Then ask again. Ctrl-C stops the server.
                """.formatted(
                        address,
                        apprentice.guard().hasKeys()
                                ? "for whoever has a key (-H 'Authorization: Bearer ak_…')"
                                : "for this machine only, as it has no keys",
                        base.name(),
                        base.config().layers(),
                        base.config().contextTokens(),
                        settings.engine().arithmetic().name().toLowerCase(Locale.ROOT),
                        settings.engine().threads(),
                        settings.data(),
                        named(instances),
                        address,
                        instances.isEmpty() ? "base" : instances.getFirst(),
                        address);
    }

    private static String named(java.util.List<String> instances) {
        if (instances.isEmpty()) {
            return "none";
        }
        var shown = String.join(", ", instances.subList(0, Math.min(INSTANCES_SHOWN_MAX, instances.size())));
        var more = instances.size() - INSTANCES_SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    /** An address of version 6 stands in brackets (RFC 3986 §3.2.2). */
    private static String host(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
