package dev.apprentice.server.grpc;

import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.LessonId;
import dev.apprentice.client.v1.LessonsGrpc;
import dev.apprentice.client.v1.ListLessonsRequest;
import dev.apprentice.client.v1.ListLessonsResponse;
import dev.apprentice.client.v1.PinRequest;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.teaching.Reach;
import io.grpc.stub.StreamObserver;

/** What was taught. */
final class LessonsService extends LessonsGrpc.LessonsImplBase {
    private final Ledger ledger;

    LessonsService(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void list(ListLessonsRequest request, StreamObserver<ListLessonsResponse> out) {
        var caller = Visit.current().caller();
        var filter = new LessonFilter(
                request.hasInstance() ? request.getInstance() : null,
                request.hasState() ? LessonState.of(request.getState()) : null,
                request.hasBy() ? request.getBy() : null);
        var page = ledger.list(
                filter,
                request.hasAfter() ? request.getAfter() : null,
                Query.limit(request.hasLimit() ? Integer.toString(request.getLimit()) : null));
        var response = ListLessonsResponse.newBuilder();
        page.data().stream()
                .filter(lesson -> caller.sees(lesson.instance()))
                .map(LessonProto::of)
                .forEach(response::addData);
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
    public void withdraw(LessonId request, StreamObserver<Lesson> out) {
        answer(out, ledger.withdraw(own(request.getId()).id()));
    }

    /** The lesson {@code id}, if its instance exists for the caller. */
    private dev.apprentice.learner.lesson.Lesson own(String id) {
        return new Reach(ledger, Visit.current().caller()).lesson(id);
    }

    private static void answer(StreamObserver<Lesson> out, dev.apprentice.learner.lesson.Lesson lesson) {
        out.onNext(LessonProto.of(lesson));
        out.onCompleted();
    }
}
