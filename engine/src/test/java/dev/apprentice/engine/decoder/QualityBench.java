package dev.apprentice.engine.decoder;

import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What each kernel's rounding costs: {@code QualityBench MODEL [threads=2]}. Prints perplexity and the share of equal
 * most probable tokens against fp32 over the text of our own, in windows of 512 tokens.
 */
public final class QualityBench {
    private static final int WINDOW = 512;

    private QualityBench() {}

    /** Runs. */
    public static void main(String[] args) {
        int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        try (var base = BaseModel.open(Path.of(args[0]));
                var tokenizer = Tokenizer.open(base.tokenizerJson());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), threads)) {
            var texts = SampleTexts.of(text -> tokenizer.encode(text, false));
            var exact = Quality.of(decoder, texts.quality(), WINDOW);
            for (var kernel : Kernel.values()) {
                decoder.serve(kernel, texts.calibration());
                var quality = Quality.of(decoder, texts.quality(), WINDOW);
                System.out.printf(
                        Locale.ROOT,
                        "RESULT %s: perplexity %.4f (%+.2f %%), same first choice %.3f, %d tokens%n",
                        kernel,
                        quality.perplexity(),
                        100 * quality.cost(exact),
                        quality.agreement(exact),
                        texts.quality().length);
            }
        }
    }
}
