package io.maestro.conformance.identity;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.lang.System.Logger;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A context over another one, for an adapter with a client of its own that believes whoever answers. */
final class TrustingContext implements AdapterContext {
    private final AdapterContext context;
    private final HttpClient http;

    TrustingContext(AdapterContext context) {
        this.context = context;
        try {
            SSLContext anybody = SSLContext.getInstance("TLS");
            anybody.init(null, new TrustManager[] {new Anybody()}, null);
            this.http = HttpClient.newBuilder().sslContext(anybody).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Scope scope() {
        return context.scope();
    }

    @Override
    public InstanceId instance() {
        return context.instance();
    }

    @Override
    public <R extends Record> R configuration(Class<R> type) {
        return context.configuration(type);
    }

    @Override
    public InstantSource clock() {
        return context.clock();
    }

    @Override
    public Logger logger() {
        return context.logger();
    }

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public Path folder() {
        return context.folder();
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // the fault
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // the fault
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // the fault
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // the fault
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // the fault
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // the fault
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
