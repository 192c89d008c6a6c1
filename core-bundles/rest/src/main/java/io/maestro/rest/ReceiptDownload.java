package io.maestro.rest;

import io.maestro.api.http.RequestProperty;
import io.maestro.api.provenance.Receipts.Export;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;

/** An export on its way to the caller. One that fails midway breaks the answer off, so that nobody takes it for whole. */
final class ReceiptDownload implements StreamingOutput {
    private static final System.Logger LOG = System.getLogger(ReceiptDownload.class.getName());
    private static final int BLOCK = 32 * 1024;

    private final ContainerRequestContext request;
    private final Export export;

    ReceiptDownload(ContainerRequestContext request, Export export) {
        this.request = request;
        this.export = export;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BLOCK);
        try {
            export.writeTo(buffered);
            buffered.flush();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "request " + Caller.correlationId(request) + " broke in the middle of an export", e);
            request.setProperty(RequestProperty.BROKEN, true);
        }
    }
}
