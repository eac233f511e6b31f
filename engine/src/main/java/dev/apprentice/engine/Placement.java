package dev.apprentice.engine;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where the engine is asked to compute; {@link Place} is where it does. */
public sealed interface Placement {
    /** What {@link #of} reads, for messages. */
    String EXPECTED = "one of auto, cpu, cuda, or cuda:N";

    /** On a GPU if libtorch sees one, else on the processor. */
    record Auto() implements Placement {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** A definite place. */
    sealed interface Place extends Placement {}

    /** The processor. */
    record Cpu() implements Place {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * An NVIDIA GPU.
     *
     * @param number among those that libtorch sees, from 0
     */
    record Cuda(int number) implements Place {
        public Cuda {
            assert number >= 0 : number;
        }

        @Override
        public String toString() {
            return "cuda:" + number;
        }
    }

    /** What {@code text} names, such as {@code cuda:1}; {@code cuda} is the first. Empty if nothing. */
    static Optional<Placement> of(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new Auto());
            case "cpu" -> Optional.of(new Cpu());
            case "cuda" -> Optional.of(new Cuda(0));
            default -> {
                var numbered = Numbered.FORM.matcher(text);
                yield numbered.matches()
                        ? Optional.of(new Cuda(Integer.parseInt(numbered.group(1))))
                        : Optional.empty();
            }
        };
    }

    /** The form of a numbered GPU. */
    final class Numbered {
        private static final Pattern FORM = Pattern.compile("cuda:(\\d{1,3})");

        private Numbered() {}
    }
}
