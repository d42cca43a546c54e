/* curl_easy_setopt takes a variable number of arguments, which cgo cannot call: hence some C. */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECT_SECONDS = 10, WHOLE_SECONDS = 30 };

/* Told a smaller count than it gave, libcurl stops with CURLE_WRITE_ERROR. */
static size_t collect(char *bytes, size_t one, size_t count, void *to)
{
	struct answer *answer = to;
	size_t size = one * count;
	if (size > BODY_MAX_BYTES - answer->size) {
		answer->too_long = 1;
		return 0;
	}
	char *body = realloc(answer->body, answer->size + size + 1);
	if (body == NULL)
		return 0;
	memcpy(body + answer->size, bytes, size);
	answer->body = body;
	answer->size += size;
	return size;
}

struct answer *fetch(const char *url, const char *bundle)
{
	struct answer *answer = calloc(1, sizeof *answer);
	CURL *curl = curl_easy_init();
	if (answer == NULL || curl == NULL) {
		free(answer);
		curl_easy_cleanup(curl);
		return NULL;
	}
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer->error);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_SECONDS);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	/* What narrows trust must not be lost to a libcurl that lacks the option. */
	answer->code = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	if (answer->code == CURLE_OK)
		answer->code = curl_easy_setopt(curl, CURLOPT_URL, url);
	if (answer->code == CURLE_OK && bundle != NULL)
		answer->code = curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
	if (answer->code == CURLE_OK)
		answer->code = curl_easy_perform(curl);
	if (answer->code == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_cleanup(curl);
	return answer;
}

void fetch_free(struct answer *answer)
{
	free(answer->body);
	free(answer);
}
