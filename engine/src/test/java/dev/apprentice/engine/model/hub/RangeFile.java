package dev.apprentice.engine.model.hub;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** A file that WireMock serves with ranges, as a good server does, but whose connection is cut after some bytes. */
final class RangeFile implements ResponseDefinitionTransformerV2 {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    private final byte[] contents;
    private final String etag;
    private final Deque<Integer> cuts = new ArrayDeque<>();

    RangeFile(byte[] contents, String etag, Integer... cuts) {
        this.contents = contents;
        this.etag = etag;
        this.cuts.addAll(List.of(cuts));
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        var request = event.getRequest();
        var range = RANGE.matcher(request.containsHeader("Range") ? request.getHeader("Range") : "");
        var unchanged = !request.containsHeader("If-Range")
                || request.getHeader("If-Range").equals(etag);
        var partial = range.matches() && unchanged;
        var from = partial ? Integer.parseInt(range.group(1)) : 0;
        if (from > contents.length) {
            return new ResponseDefinitionBuilder().withStatus(416).build();
        }
        var whole = contents.length - from;
        var cut = cuts.isEmpty() ? whole : Math.min(whole, cuts.removeFirst());
        var answer = new ResponseDefinitionBuilder()
                .withStatus(partial ? 206 : 200)
                .withHeader("ETag", etag)
                .withHeader("Content-Length", Integer.toString(whole))
                .withBody(Arrays.copyOfRange(contents, from, from + cut));
        if (partial) {
            answer.withHeader("Content-Range", "bytes " + from + "-" + (contents.length - 1) + "/" + contents.length);
        }
        return answer.build();
    }

    @Override
    public String getName() {
        return "range-file";
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }
}
