package io.maestro.adapter.storage.gcs;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body, or nothing as soon as there are too many. Unlike the JDK's own bound that is no failure of the connection,
 * so that nobody takes it for one.
 */
final class BoundedBody implements BodySubscriber<Optional<byte[]>> {
    private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
    private final CompletableFuture<Optional<byte[]>> body = new CompletableFuture<>();
    private long left;
    private Flow.@Nullable Subscription subscription;

    BoundedBody(long most) {
        this.left = most;
    }

    @Override
    public CompletionStage<Optional<byte[]>> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        bytes.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            left -= buffer.remaining();
        }
        if (left >= 0) {
            bytes.onNext(buffers);
            return;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        body.complete(Optional.empty());
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        bytes.onComplete();
        body.complete(Optional.of(bytes.getBody().toCompletableFuture().join()));
    }
}
