package dev.apprentice.server;

import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Texts that a grammar lets through, at random: at first anything, and after a while what leads to an end. */
final class FormWalk {
    private static final int CLOSING_MAX = 3000;
    /** What ends something first, what begins something last. */
    private static final String CLOSERS = "\"}]";

    private static final String OPENERS = ",{[";

    private final Tokenizer tokenizer;
    private final int[] single = new int[256];

    FormWalk(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        Arrays.fill(single, -1);
        for (int id = 0; id < tokenizer.size(); id++) {
            if (!tokenizer.isSpecial(id) && tokenizer.bytes(id).length == 1) {
                single[tokenizer.bytes(id)[0] & 0xFF] = id;
            }
        }
    }

    /** A text that {@code random} finds, or none where it comes to no end. */
    Optional<String> text(Grammar grammar, Random random) {
        var said = new ByteArrayOutputStream();
        Grammar.State at = grammar.start();
        for (int left = random.nextInt(30); left > 0; left--) {
            if (at.mayEnd() && random.nextInt(3) == 0) {
                break;
            }
            var allowed = at.tokens().stream().toArray();
            if (allowed.length == 0) {
                break;
            }
            var byteWise = random.nextInt(3) > 0 ? structural(at, random) : -1;
            int token = byteWise >= 0 ? byteWise : allowed[random.nextInt(allowed.length)];
            at = next(at, token);
            said.writeBytes(tokenizer.bytes(token));
        }
        for (int i = 0; i < CLOSING_MAX && !at.mayEnd(); i++) {
            int token = closing(at, random);
            if (token < 0) {
                return Optional.empty();
            }
            at = next(at, token);
            said.writeBytes(tokenizer.bytes(token));
        }
        return at.mayEnd() ? Optional.of(said.toString(StandardCharsets.UTF_8)) : Optional.empty();
    }

    private static Grammar.State next(Grammar.State at, int token) {
        var next = at.after(token);
        if (next == null) {
            throw new AssertionError("the mask allows token " + token + ", which leads nowhere");
        }
        return next;
    }

    /** Whether {@code grammar} lets {@code text} through, byte by byte. */
    boolean allows(Grammar grammar, String text) {
        Grammar.@Nullable State at = grammar.start();
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            at = at == null ? null : at.after(single[b & 0xFF]);
        }
        return at != null && at.mayEnd();
    }

    private int structural(Grammar.State at, Random random) {
        var bytes = "\"}]{[,:abx01.-".getBytes(StandardCharsets.US_ASCII);
        for (int tries = 0; tries < 6; tries++) {
            int token = single[bytes[random.nextInt(bytes.length)]];
            if (token >= 0 && at.after(token) != null) {
                return token;
            }
        }
        return -1;
    }

    private int closing(Grammar.State at, Random random) {
        boolean anyLetter = at.after(single['}']) != null && at.after(single['x']) != null; // where it closes nothing
        for (int b : CLOSERS.getBytes(StandardCharsets.US_ASCII)) {
            if (at.after(single[b]) != null && (b == '"' || !anyLetter)) {
                return single[b];
            }
        }
        List<Integer> others = new ArrayList<>();
        for (int b = 0; b < 0x80; b++) {
            if (anyLetter || (CLOSERS.indexOf(b) < 0 && OPENERS.indexOf(b) < 0)) {
                others.add(b);
            }
        }
        Collections.shuffle(others, random);
        OPENERS.chars().forEach(others::add);
        for (int b = 0x80; b < 0x100; b++) {
            others.add(b); // within a character
        }
        for (int b : others) {
            if (single[b] >= 0 && at.after(single[b]) != null) {
                return single[b];
            }
        }
        return -1;
    }
}
