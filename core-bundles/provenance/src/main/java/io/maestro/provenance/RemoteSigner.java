package io.maestro.provenance;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Digest;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.VerifyingKey;
import io.maestro.provenance.remote.SignerConnection;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The signer that the operator set up. It is asked while it answers; after two failures it is left alone for some seconds,
 * in which the node signs at once. Its key has to be introduced before its signatures count. Used by the sealer's thread
 * alone.
 */
final class RemoteSigner implements Signers.Remote {
    private static final System.Logger LOG = System.getLogger(RemoteSigner.class.getName());

    private static final int LARGEST_TOKEN = 1_000;

    private final NodeSettings.Signer settings;
    private final LongConsumer took;
    private final Duration deadline;
    private final CircuitBreaker circuit;
    private @Nullable SignerConnection connection;
    private @Nullable VerifyingKey key;
    private @Nullable Digest complained;
    private boolean failing;

    /**
     * Does nothing yet.
     *
     * @param deadline how long a batch may take
     * @param rest how long a signer that failed is left alone
     * @param took is told how long each signature took, in nanoseconds
     */
    RemoteSigner(NodeSettings.Signer settings, Duration deadline, Duration rest, LongConsumer took) {
        this.settings = settings;
        this.deadline = deadline;
        this.took = took;
        this.circuit = CircuitBreaker.of(
                "signer",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(rest)
                        .build());
    }

    @Override
    public boolean configured() {
        return true;
    }

    @Override
    public Optional<ReceiptSigner> open(List<StoredKey> known) {
        if (!circuit.tryAcquirePermission()) {
            return Optional.empty();
        }
        long begin = System.nanoTime();
        try {
            SignerConnection open = connection();
            VerifyingKey asked = key == null ? open.key() : key;
            key = asked;
            boolean introduced = known.stream()
                    .anyMatch(
                            each -> each.remote() && each.current() && each.id().equals(asked.id()));
            if (!introduced) {
                complain(asked);
                // it may be introduced, or the signer started anew with another key
                key = null;
                circuit.releasePermission();
                return Optional.empty();
            }
            // the outcome of signing is what the permission was for
            return Optional.of(new Batchwise(open, asked));
        } catch (SignerConnection.Failed | IOException e) {
            failed(begin, e);
            return Optional.empty();
        }
    }

    private SignerConnection connection() throws IOException {
        SignerConnection open = connection;
        if (open == null) {
            if (Files.size(settings.tokenFile()) > LARGEST_TOKEN) {
                throw new IOException("the token's file is too large");
            }
            String token = Files.readString(settings.tokenFile(), StandardCharsets.US_ASCII)
                    .strip();
            open = new SignerConnection(settings.host(), settings.port(), token, deadline);
            connection = open;
        }
        return open;
    }

    private void complain(VerifyingKey unknown) {
        if (!unknown.id().equals(complained)) {
            complained = unknown.id();
            LOG.log(
                    Level.WARNING,
                    "the signer has the key {0}, which is not introduced; the node signs. Introduce it with"
                            + " maestro receipts add-key",
                    unknown.id());
        }
    }

    private void failed(long begin, Exception why) {
        circuit.onError(System.nanoTime() - begin, TimeUnit.NANOSECONDS, why);
        LOG.log(
                failing ? Level.DEBUG : Level.WARNING,
                "the signer does not sign, the node does: {0}",
                why.getMessage());
        failing = true;
        key = null;
        close();
    }

    @Override
    public void close() {
        SignerConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    /** Signs one batch. */
    private final class Batchwise implements ReceiptSigner {
        private final SignerConnection open;
        private final VerifyingKey verifying;

        Batchwise(SignerConnection open, VerifyingKey verifying) {
            this.open = open;
            this.verifying = verifying;
        }

        @Override
        public Digest key() {
            return verifying.id();
        }

        @Override
        public SignerKind kind() {
            return SignerKind.REMOTE;
        }

        @Override
        public List<byte[]> sign(List<byte[]> bodies) throws SignerUnavailable {
            long begin = System.nanoTime();
            try {
                List<byte[]> signatures = open.sign(bodies, verifying, took);
                circuit.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
                if (failing) {
                    failing = false;
                    LOG.log(Level.INFO, "the signer signs again");
                }
                return signatures;
            } catch (SignerConnection.Failed e) {
                failed(begin, e);
                throw new SignerUnavailable(String.valueOf(e.getMessage()), e);
            }
        }
    }
}
