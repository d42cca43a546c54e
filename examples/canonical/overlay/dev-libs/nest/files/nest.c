#include "nest.h"

int nest_eggs(void)
{
	return 5;
}
