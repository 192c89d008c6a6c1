package io.maestro.telemetry;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.telemetry.Traces;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans of the OpenTelemetry SDK, sent in batches by OTLP over HTTP. What the collector does not take in time is dropped:
 * no request ever waits for it.
 */
final class OtlpTraces implements Traces, AutoCloseable {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> GETTER = new HeaderGetter();
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> CORRELATION_ID = AttributeKey.stringKey("maestro.correlation_id");

    /** Longer than any name of ours, and bounds what a caller can make us keep. */
    private static final SpanLimits LIMITS = SpanLimits.builder()
            .setMaxNumberOfAttributes(32)
            .setMaxAttributeValueLength(256)
            .setMaxNumberOfEvents(0)
            .setMaxNumberOfLinks(0)
            .build();

    private static final int QUEUE = 4_096;
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The span that the thread is in; bound for as long as the work of a span runs. */
    private final ScopedValue<io.opentelemetry.api.trace.Span> current = ScopedValue.newInstance();

    private final Ids ids = new Ids();
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    /**
     * Gives spans to {@code processor}.
     *
     * @param node names this node
     * @param percent how many of 100 traces that begin here are kept
     */
    OtlpTraces(SpanProcessor processor, String node, int percent) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "maestro-conductor",
                        AttributeKey.stringKey("service.instance.id"),
                        node)))
                .setSampler(sampler(percent))
                .setSpanLimits(LIMITS)
                .setIdGenerator(ids)
                .addSpanProcessor(processor)
                .build();
        tracer = provider.get("io.maestro");
    }

    /** Spans of ours follow the first one of their request; what a caller says of a trace or of its id decides nothing. */
    private static Sampler sampler(int percent) {
        Sampler chance = new Chance(percent);
        return Sampler.parentBasedBuilder(chance)
                .setRemoteParentSampled(chance)
                .setRemoteParentNotSampled(chance)
                .build();
    }

    /** Traces that are sent to {@code url}, under which a collector has {@code /v1/traces}. Connects to nothing yet. */
    static OtlpTraces to(String url, String node, int percent) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint((url.endsWith("/") ? url : url + "/") + "v1/traces")
                .setCompression("gzip")
                .setConnectTimeout(PATIENCE)
                .setTimeout(PATIENCE)
                .build();
        return new OtlpTraces(
                BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE)
                        .setScheduleDelay(DELAY)
                        .setExporterTimeout(PATIENCE)
                        .build(),
                node,
                percent);
    }

    /** Sends what is left, for a few seconds at most. Spans that end later are dropped. */
    @Override
    public void close() {
        provider.shutdown().join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public <R, E extends Exception> R request(String name, Origin origin, Work<R, E> work) throws E {
        Context parent = origin.traceparent() == null
                ? Context.root()
                : W3C.extract(Context.root(), Map.of(HeaderGetter.TRACEPARENT, origin.traceparent()), GETTER);
        io.opentelemetry.api.trace.Span span = ids.withTrace(
                origin.correlationId(),
                () -> tracer.spanBuilder(name)
                        .setParent(parent)
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute(CORRELATION_ID, origin.correlationId())
                        .startSpan());
        return run(span, work);
    }

    @Override
    public <R, E extends Exception> R step(Kind kind, String name, Work<R, E> work) throws E {
        if (!current.isBound()) {
            return Traces.NONE.step(kind, name, work);
        }
        SpanKind its = switch (kind) {
            case INTERNAL -> SpanKind.INTERNAL;
            case CLIENT -> SpanKind.CLIENT;
        };
        return run(
                tracer.spanBuilder(name)
                        .setParent(Context.root().with(current.get()))
                        .setSpanKind(its)
                        .startSpan(),
                work);
    }

    private <R, E extends Exception> R run(io.opentelemetry.api.trace.Span span, Work<R, E> work) throws E {
        try {
            return ScopedValue.where(current, span).call(() -> work.run(new Kept(span)));
        } catch (Exception e) {
            tell(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    /** By code or class alone: messages are for those who may read them. */
    private static void tell(io.opentelemetry.api.trace.Span span, Exception failure) {
        if (failure instanceof ProblemException expected) {
            String code = expected.problem().code();
            span.setAttribute(ERROR_TYPE, ProblemCode.isCode(code) ? code : AdapterProblem.ADAPTER_FAILED.code());
            ProblemCategory category = expected.problem().category();
            if (category == ProblemCategory.EXTERNAL || category == ProblemCategory.INTERNAL) {
                span.setStatus(StatusCode.ERROR);
            }
        } else {
            span.setAttribute(ERROR_TYPE, failure.getClass().getName());
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** So many of a hundred, whichever id a trace has. */
    private record Chance(int percent) implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent,
                String traceId,
                String name,
                SpanKind kind,
                Attributes attributes,
                List<LinkData> parents) {
            return ThreadLocalRandom.current().nextInt(100) < percent
                    ? SamplingResult.recordAndSample()
                    : SamplingResult.drop();
        }

        @Override
        public String getDescription() {
            return percent + " of 100";
        }
    }

    /** A span of the SDK. */
    private record Kept(io.opentelemetry.api.trace.Span span) implements Span {
        @Override
        public void rename(String name) {
            span.updateName(name);
        }

        @Override
        public void tag(String key, @Nullable String value) {
            if (value != null) {
                span.setAttribute(key, value);
            }
        }

        @Override
        public void tag(String key, long value) {
            span.setAttribute(key, value);
        }

        @Override
        public void failed(String why) {
            span.setAttribute(ERROR_TYPE, why);
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** Names traces by the correlation id of their request where that can be a trace's id, so that one leads to the other. */
    private static final class Ids implements IdGenerator {
        private final ScopedValue<String> wanted = ScopedValue.newInstance();
        private final IdGenerator random = IdGenerator.random();

        <R> R withTrace(String correlationId, ScopedValue.CallableOp<R, RuntimeException> begin) {
            return TraceId.isValid(correlationId)
                    ? ScopedValue.where(wanted, correlationId).call(begin)
                    : begin.call();
        }

        @Override
        public String generateSpanId() {
            return random.generateSpanId();
        }

        @Override
        public String generateTraceId() {
            return wanted.isBound() ? wanted.get() : random.generateTraceId();
        }
    }

    /** Reads the one header there is. */
    private static final class HeaderGetter implements TextMapGetter<Map<String, String>> {
        static final String TRACEPARENT = "traceparent";

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    }
}
