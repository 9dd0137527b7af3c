package io.atelier.gateway.faces.pipelines;

import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The items of a publisher that is not ours: whatever it throws, where it must not, is a failure of the stream, also an error of the JVM. */
final class FlowFlux<T> extends Flux<T> {

    private static final Logger LOG = LoggerFactory.getLogger(FlowFlux.class);

    private final Flow.Publisher<T> source;
    private final Function<Throwable, RuntimeException> failures;

    /** @param failures the failure of the stream for one of the publisher; is called once a subscriber at most */
    FlowFlux(Flow.Publisher<T> source, Function<Throwable, RuntimeException> failures) {
        this.source = source;
        this.failures = failures;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        var bridge = new Bridge(actual);
        try {
            source.subscribe(bridge);
        } catch (Throwable e) {
            bridge.onError(e);
        }
    }

    /** Between the publisher and its subscriber. */
    private final class Bridge implements Flow.Subscriber<T>, Subscription {

        private final CoreSubscriber<? super T> actual;
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean isDone;

        Bridge(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Flow.Subscription received) {
            if (subscription != null) {
                received.cancel();
                return;
            }
            subscription = received;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T item) {
            if (!isDone) {
                actual.onNext(item);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (isDone) {
                LOG.debug("A publisher failed after its end", failure);
                return;
            }
            isDone = true;
            var translated = failures.apply(failure);
            if (subscription == null) {
                Operators.error(actual, translated);
            } else {
                actual.onError(translated);
            }
        }

        @Override
        public void onComplete() {
            if (!isDone) {
                isDone = true;
                if (subscription == null) {
                    Operators.complete(actual);
                } else {
                    actual.onComplete();
                }
            }
        }

        @Override
        public void request(long items) {
            var requested = subscription;
            try {
                if (requested != null && !isDone) {
                    requested.request(items);
                }
            } catch (Throwable e) {
                cancelSource();
                onError(e);
            }
        }

        @Override
        public void cancel() {
            isDone = true;
            cancelSource();
        }

        private void cancelSource() {
            var canceled = subscription;
            try {
                if (canceled != null) {
                    canceled.cancel();
                }
            } catch (Throwable e) {
                LOG.warn("The stream of a pipeline failed to cancel", e);
            }
        }
    }
}
