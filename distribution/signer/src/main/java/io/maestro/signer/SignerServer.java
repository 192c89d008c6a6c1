package io.maestro.signer;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.maestro.provenance.format.SigningSeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves on loopback, where nobody but this machine's users can come, and to those of them who know the token. */
final class SignerServer implements AutoCloseable {
    private static final int LARGEST_RECEIPT = 256 * 1024;

    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final Server server;

    /** Listens at once; port 0 for any free one. */
    SignerServer(SigningSeed seed, String token, int port) throws IOException {
        server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        InsecureServerCredentials.create())
                .maxInboundMessageSize(LARGEST_RECEIPT)
                .executor(threads)
                .intercept(new TokenCheck(token))
                .addService(new SigningService(seed))
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    void await() throws InterruptedException {
        server.awaitTermination();
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
    }
}
