package io.atelier.gateway.view.workers;

import io.atelier.gateway.view.models.Model;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * A model that a worker runs itself, as it announces it. Workers may announce one id with different limits, because they have different memory.
 *
 * @param isLive whether the worker is live
 */
record ModelOffer(RegisteredWorker worker, Model model, boolean isLive) {

    /**
     * The offer that describes a model comes first: that of a live worker whose engine is ready, in the first pool, with the largest images. Workers of
     * that pool with less memory forward what is too large for them. The last criteria keep it the same from heartbeat to heartbeat.
     */
    static final Comparator<ModelOffer> BEST_FIRST = Comparator.<ModelOffer, Boolean>comparing(offer -> !offer.isLive)
            .thenComparing(offer -> !offer.isReady())
            .thenComparing(offer -> offer.model.pool())
            .thenComparing(Comparator.comparing(ModelOffer::maxPixels).reversed())
            .thenComparing(offer -> offer.worker.announcement().id());

    static ModelOffer of(RegisteredWorker worker, Model model, Instant now) {
        return new ModelOffer(worker, model, worker.status(now).live());
    }

    private boolean isReady() {
        return worker.announcement().engines().contains(model.engine());
    }

    private long maxPixels() {
        return Objects.requireNonNullElse(model.sizes().maxPixels(), Long.MAX_VALUE);
    }
}
