package io.maestro.provenance.remote;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.maestro.provenance.format.Hashes;
import io.maestro.provenance.format.VerifyingKey;
import io.maestro.signer.v1.KeyRequest;
import io.maestro.signer.v1.PublicKey;
import io.maestro.signer.v1.Receipt;
import io.maestro.signer.v1.SignedReceipt;
import io.maestro.signer.v1.SignerGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * A connection to a signer on this machine. Every call has a deadline, and carries the token that both sides share. What
 * comes back is verified before anybody believes it.
 */
public final class SignerConnection implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGEST_ANSWER = 4 * 1024;

    private final ManagedChannel channel;
    private final Channel authorized;
    private final Duration deadline;

    /**
     * Connects at the first call.
     *
     * @param port on loopback
     * @param token sent with every call
     * @param deadline how long a batch may take
     */
    public SignerConnection(String host, int port, String token, Duration deadline) {
        this.channel = OkHttpChannelBuilder.forAddress(host, port)
                .usePlaintext()
                .maxInboundMessageSize(LARGEST_ANSWER)
                .build();
        this.authorized = ClientInterceptors.intercept(channel, new Bearer(token));
        this.deadline = deadline;
    }

    /** A call that failed; the message is for the log. */
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String why, Throwable cause) {
            super(why, cause);
        }

        Failed(String why) {
            super(why);
        }
    }

    /** The key that the signer says it has. Blocks. */
    public VerifyingKey key() throws Failed {
        try {
            PublicKey answer = SignerGrpc.newBlockingStub(authorized)
                    .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .key(KeyRequest.getDefaultInstance());
            return VerifyingKey.parse(
                            Base64.getEncoder().encodeToString(answer.getSpki().toByteArray()))
                    .orElseThrow(() -> new Failed("the signer has no Ed25519 key"));
        } catch (StatusRuntimeException e) {
            throw new Failed("the signer does not tell its key: " + e.getStatus(), e);
        }
    }

    /**
     * Has each body signed, all at once. Blocks no longer than the deadline.
     *
     * @param key that has to sign
     * @param took is told how long each call took, in nanoseconds
     */
    public List<byte[]> sign(List<byte[]> bodies, VerifyingKey key, LongConsumer took) throws Failed {
        SignerGrpc.SignerStub stub =
                SignerGrpc.newStub(authorized).withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
        List<CompletableFuture<SignedReceipt>> answers = new ArrayList<>(bodies.size());
        List<String> names = new ArrayList<>(bodies.size());
        for (byte[] body : bodies) {
            String name = Hashes.of(body).hex();
            CompletableFuture<SignedReceipt> answer = new CompletableFuture<>();
            names.add(name);
            answers.add(answer);
            stub.sign(
                    Receipt.newBuilder()
                            .setExecutionId(name)
                            .setJson(ByteString.copyFrom(body))
                            .build(),
                    new Answer(answer, System.nanoTime(), took));
        }
        await(answers);
        List<byte[]> signatures = answers.stream()
                .map(answer -> answer.join().getSignature().toByteArray())
                .toList();
        boolean good = IntStream.range(0, bodies.size())
                .parallel()
                .allMatch(i -> answers.get(i).join().getExecutionId().equals(names.get(i))
                        && answers.get(i).join().getAlg().equals("Ed25519")
                        && key.verifies(bodies.get(i), signatures.get(i)));
        if (!good) {
            throw new Failed("a signature of the signer is not one by the key " + key.id());
        }
        return signatures;
    }

    private void await(List<CompletableFuture<SignedReceipt>> answers) throws Failed {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Failed("the signer did not sign: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new Failed("the signer did not sign in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Waits for one answer. */
    private record Answer(CompletableFuture<SignedReceipt> answer, long begin, LongConsumer took)
            implements StreamObserver<SignedReceipt> {
        @Override
        public void onNext(SignedReceipt signed) {
            took.accept(System.nanoTime() - begin);
            answer.complete(signed);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("the signer answered nothing"));
        }
    }

    /** Adds the token. */
    private record Bearer(String token) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    headers.put(AUTHORIZATION, "Bearer " + token);
                    super.start(listener, headers);
                }
            };
        }

        @Override
        public String toString() {
            return "Bearer";
        }
    }
}
