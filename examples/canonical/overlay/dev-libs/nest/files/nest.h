int nest_eggs(void);
