#ifndef FETCH_H
#define FETCH_H

#include <curl/curl.h>
#include <stddef.h>

enum { BODY_MAX_BYTES = 1 << 20 };

/* An answer, or with code != CURLE_OK the reason why there is none. */
struct answer {
	CURLcode code;
	char error[CURL_ERROR_SIZE];
	long status;
	char *body;
	size_t size;
	int too_long;
};

/* bundle may be NULL. Returns NULL only where no memory is left. */
struct answer *fetch(const char *url, const char *bundle);
void fetch_free(struct answer *answer);

#endif
