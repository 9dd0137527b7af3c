package io.atelier.gateway.api.files;

import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * A request body whose reader may give up early: the rest is then received and discarded, up to a limit. Otherwise a client that writes its whole request
 * before it reads would see a broken connection instead of the response. For one subscriber.
 */
final class DrainedBody {

    private final Flux<DataBuffer> source;
    private final long limit;
    private final Sinks.Empty<Void> end = Sinks.empty();
    private volatile boolean isRead;

    /** @param limit how many bytes are discarded at most */
    DrainedBody(Flux<DataBuffer> source, long limit) {
        this.source = source;
        this.limit = limit;
    }

    /** The body, as it arrives and as it is asked for. */
    Flux<DataBuffer> flux() {
        return Flux.from(subscriber -> {
            isRead = true;
            source.subscribe(new Reader(Operators.toCoreSubscriber(subscriber)));
        });
    }

    /** Completes when nothing more arrives, or when the limit is reached; at once if the body was not read. */
    Mono<Void> end() {
        return Mono.defer(() -> isRead ? end.asMono() : Mono.empty());
    }

    /** Passes the body on until its subscriber cancels. */
    private final class Reader implements CoreSubscriber<DataBuffer>, Subscription {

        private final CoreSubscriber<? super DataBuffer> reader;
        private Subscription upstream = Operators.emptySubscription();
        private volatile boolean isDiscarding;
        private long discarded;

        Reader(CoreSubscriber<? super DataBuffer> reader) {
            this.reader = reader;
        }

        @Override
        public Context currentContext() {
            return reader.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            reader.onSubscribe(this);
        }

        @Override
        public void onNext(DataBuffer buffer) {
            if (!isDiscarding) {
                reader.onNext(buffer);
                return;
            }
            discarded += buffer.readableByteCount();
            DataBufferUtils.release(buffer);
            if (discarded > limit) {
                upstream.cancel();
                end.tryEmitEmpty();
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.tryEmitEmpty();
            if (!isDiscarding) {
                reader.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            end.tryEmitEmpty();
            if (!isDiscarding) {
                reader.onComplete();
            }
        }

        @Override
        public void request(long count) {
            upstream.request(count);
        }

        @Override
        public void cancel() {
            isDiscarding = true;
            upstream.request(Long.MAX_VALUE);
        }
    }
}
