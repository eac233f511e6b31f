package dev.apprentice.server.grpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.apprentice.client.v1.ExportRequest;
import dev.apprentice.client.v1.ExportedLines;
import dev.apprentice.client.v1.ImportRequest;
import dev.apprentice.client.v1.ImportResponse;
import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.LessonId;
import dev.apprentice.client.v1.LessonsGrpc;
import dev.apprentice.client.v1.ListLessonsRequest;
import dev.apprentice.client.v1.ListLessonsResponse;
import dev.apprentice.client.v1.PinRequest;
import dev.apprentice.client.v1.WithdrawAllRequest;
import dev.apprentice.client.v1.WithdrawAllResponse;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.teaching.LessonFiles;
import dev.apprentice.server.teaching.Reach;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** What was taught. */
final class LessonsService extends LessonsGrpc.LessonsImplBase {
    private final Ledger ledger;
    private final int bytesMax;

    LessonsService(Ledger ledger, int bytesMax) {
        this.ledger = ledger;
        this.bytesMax = bytesMax;
    }

    @Override
    public void list(ListLessonsRequest request, StreamObserver<ListLessonsResponse> out) {
        var filter = new LessonFilter(
                request.hasInstance() ? request.getInstance() : null,
                request.hasState() ? LessonState.of(request.getState()) : null,
                request.hasBy() ? request.getBy() : null);
        var page = reach().list(
                        filter,
                        request.hasAfter() ? request.getAfter() : null,
                        Query.limit(request.hasLimit() ? Integer.toString(request.getLimit()) : null));
        var response = ListLessonsResponse.newBuilder();
        page.data().stream().map(LessonProto::of).forEach(response::addData);
        var next = page.next();
        if (next != null) {
            response.setNext(next);
        }
        out.onNext(response.build());
        out.onCompleted();
    }

    @Override
    public void get(LessonId request, StreamObserver<Lesson> out) {
        answer(out, own(request.getId()));
    }

    @Override
    public void pin(PinRequest request, StreamObserver<Lesson> out) {
        answer(out, ledger.pin(own(request.getId()).id(), request.getPinned()));
    }

    @Override
    public void release(LessonId request, StreamObserver<Lesson> out) {
        answer(out, ledger.release(own(request.getId()).id()));
    }

    @Override
    public void withdraw(LessonId request, StreamObserver<Lesson> out) {
        answer(out, ledger.withdraw(own(request.getId()).id()));
    }

    @Override
    public void withdrawAll(WithdrawAllRequest request, StreamObserver<WithdrawAllResponse> out) {
        var gone = reach().withdraw(Fields.of(json(request)));
        out.onNext(WithdrawAllResponse.newBuilder()
                .setWithdrawn(gone.withdrawn())
                .setLearnt(gone.learnt())
                .setNote(gone.note())
                .build());
        out.onCompleted();
    }

    @Override
    public StreamObserver<ImportRequest> import_(StreamObserver<ImportResponse> out) {
        return new Parts<>(bytesMax, ImportRequest::getInstance, ImportRequest::getData) {
            @Override
            void whole(String instance, byte[] file) {
                var imported = files().take(instance.isEmpty() ? null : instance, file);
                out.onNext(ImportResponse.newBuilder()
                        .setImported(imported.added())
                        .setKnown(imported.known())
                        .setHeld(imported.held())
                        .setSuperseded(imported.superseded())
                        .build());
                out.onCompleted();
            }
        };
    }

    @Override
    public void export(ExportRequest request, StreamObserver<ExportedLines> out) {
        var instance = request.getInstance();
        var filter =
                new LessonFilter(instance.isEmpty() ? null : instance, null, request.hasBy() ? request.getBy() : null);
        var files = files();
        files.check(filter);
        var chunks = new Chunks(
                data -> out.onNext(ExportedLines.newBuilder().setData(data).build()));
        try {
            files.hand(filter, chunks::add);
        } catch (IOException e) {
            throw new AssertionError("nothing here is a file", e);
        }
        chunks.end();
        out.onCompleted();
    }

    /** The body that HTTP has for the same. */
    private static ObjectNode json(WithdrawAllRequest request) {
        var json = Wire.object().put("instance", request.getInstance());
        if (request.hasBy()) {
            json.put("by", request.getBy());
        }
        if (request.hasAfter()) {
            json.put("after", time(request.getAfter()));
        }
        if (request.hasBefore()) {
            json.put("before", time(request.getBefore()));
        }
        return json;
    }

    /** What is no time stays what it is, and is refused by its name. */
    private static String time(Timestamp time) {
        try {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
        } catch (DateTimeException | ArithmeticException e) {
            return time.getSeconds() + " s";
        }
    }

    private LessonFiles files() {
        return new LessonFiles(ledger, Visit.current().caller());
    }

    private Reach reach() {
        return new Reach(ledger, Visit.current().caller());
    }

    /** The lesson {@code id}, if its instance exists for the caller. */
    private dev.apprentice.learner.lesson.Lesson own(String id) {
        return reach().lesson(id);
    }

    private static void answer(StreamObserver<Lesson> out, dev.apprentice.learner.lesson.Lesson lesson) {
        out.onNext(LessonProto.of(lesson));
        out.onCompleted();
    }
}
