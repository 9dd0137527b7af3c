package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest;

/**
 * What a client asked for, as it was understood.
 *
 * @param request without a digest in its terms: only a request under an id of the client's choice needs one
 * @param digest of the body as it was sent, 64 lower-case hex digits: the same for bodies that say the same, however they are written
 * @param endsWithClient whether the job is of no use any more when the client that waits for it has gone away
 */
public record ParsedRequest(GenerationRequest request, String digest, boolean endsWithClient) {}
