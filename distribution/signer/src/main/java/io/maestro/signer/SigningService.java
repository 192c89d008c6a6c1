package io.maestro.signer;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SigningSeed;
import io.maestro.provenance.format.UnfitJson;
import io.maestro.signer.v1.KeyRequest;
import io.maestro.signer.v1.PublicKey;
import io.maestro.signer.v1.Receipt;
import io.maestro.signer.v1.SignedReceipt;
import io.maestro.signer.v1.SignerGrpc;
import java.util.Base64;

/** Signs receipts that name its key, and nothing else: the key cannot be had to sign anything but a receipt. */
final class SigningService extends SignerGrpc.SignerImplBase {
    private static final String ALGORITHM = "Ed25519";

    private final SigningSeed seed;
    private final String keyId;
    private final ByteString spki;

    SigningService(SigningSeed seed) {
        this.seed = seed;
        this.keyId = seed.verifyingKey().id().hex();
        this.spki = ByteString.copyFrom(
                Base64.getDecoder().decode(seed.verifyingKey().text()));
    }

    @Override
    public void sign(Receipt receipt, StreamObserver<SignedReceipt> answer) {
        byte[] json = receipt.getJson().toByteArray();
        try {
            ReceiptBody body = ReceiptBody.parse(json);
            if (!body.keyId().hex().equals(keyId)) {
                answer.onError(Status.FAILED_PRECONDITION
                        .withDescription("the receipt names another key")
                        .asRuntimeException());
                return;
            }
        } catch (UnfitJson e) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("not a receipt: " + e.getMessage())
                    .asRuntimeException());
            return;
        }
        answer.onNext(SignedReceipt.newBuilder()
                .setExecutionId(receipt.getExecutionId())
                .setSignature(ByteString.copyFrom(seed.sign(json)))
                .setAlg(ALGORITHM)
                .setKeyId(keyId)
                .build());
        answer.onCompleted();
    }

    @Override
    public void key(KeyRequest request, StreamObserver<PublicKey> answer) {
        answer.onNext(PublicKey.newBuilder()
                .setKeyId(keyId)
                .setSpki(spki)
                .setAlg(ALGORITHM)
                .build());
        answer.onCompleted();
    }
}
