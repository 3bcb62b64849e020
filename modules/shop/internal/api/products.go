package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

func (a *API) registerProducts(api huma.API) {
	const products, product = "/api/shop/productinfos/{id}/products/", "/api/shop/productinfos/{id}/products/{size}/"
	huma.Register(api, web.Op(http.MethodGet, products, "shop-products", tag, "List the sizes of an article", web.Errors(404)), a.listProducts)
	huma.Register(api, web.Op(http.MethodPost, products, "shop-product-create", tag, "Add a size", web.Staff(), created(), web.Errors(404, 409)), a.createProduct)
	huma.Register(api, web.Op(http.MethodGet, product, "shop-product", tag, "Read one size of an article", web.Errors(404)), a.readProduct)
	huma.Register(api, web.Op(http.MethodPut, product, "shop-product-put", tag, "Set price and stock of a store good", web.Staff(), web.Errors(404)), a.changeProduct)
	huma.Register(api, web.Op(http.MethodPatch, product, "shop-product-patch", tag, "Set price or stock of a store good", web.Staff(), web.Errors(404)), a.changeProduct)
	huma.Register(api, web.Op(http.MethodDelete, product, "shop-product-delete", tag, "Delete a size nobody bid on", web.Staff(), noContent(), web.Errors(404, 409)), a.deleteProduct)

	huma.Register(api, web.Op(http.MethodGet, "/api/shop/productinfos/{id}/sizes/", "shop-sizes", tag, "List the sizes with the caller's wishes", web.Login(), web.Errors(404)), a.listSizes)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/productinfos/{id}/wishes/", "shop-sizes-alias", tag, "List the sizes with the caller's wishes", web.Login(), web.Errors(404)), a.listSizes)
}

func mapSizes[T any](views []shop.SizeView, convert func(shop.SizeView) T) []T {
	body := make([]T, len(views))
	for i, v := range views {
		body[i] = convert(v)
	}
	return body
}

func (a *API) listProducts(ctx context.Context, in *IDInput) (*reply[[]ProductBody], error) {
	views, err := a.shop.Products(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(mapSizes(views, func(v shop.SizeView) ProductBody { return toProduct(v.Product) })), nil
}

func (a *API) listSizes(ctx context.Context, in *IDInput) (*reply[[]SizeBody], error) {
	views, err := a.shop.Products(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(mapSizes(views, toSize)), nil
}

// ProductFields are what the staff sets of a size; nil leaves a field as it is.
type ProductFields struct {
	PurchasePrice *int64 `json:"purchase_price,omitempty" doc:"Store goods: the price. The first one comes with a stock." example:"89000"`
	Stock         *int64 `json:"stock,omitempty" doc:"Store goods: how many there are." example:"20"`
}

func (f ProductFields) change() shop.ProductChange {
	return shop.ProductChange{Price: f.PurchasePrice, Stock: f.Stock}
}

type newProductFields struct {
	Size string `json:"size,omitempty" example:"260"`
	ProductFields
}

type newProductInput struct {
	IDInput
	Body newProductFields
}

// SizeInput names one size of an article.
type SizeInput struct {
	IDInput
	Size string `path:"size" example:"260"`
}

type productInput struct {
	SizeInput
	Body ProductFields
}

func (a *API) createProduct(ctx context.Context, in *newProductInput) (*reply[ProductBody], error) {
	change := in.Body.change()
	change.Size = in.Body.Size
	p, err := a.shop.AddProduct(ctx, in.ID, change)
	return answer(toProduct(p)), err
}

func (a *API) readProduct(ctx context.Context, in *SizeInput) (*reply[productDetailBody], error) {
	v, err := a.shop.ProductOf(ctx, in.ID, in.Size)
	if err != nil {
		return nil, err
	}
	return answer(a.toProductDetail(ctx, v)), nil
}

func (a *API) changeProduct(ctx context.Context, in *productInput) (*reply[productDetailBody], error) {
	if err := a.shop.ChangeProduct(ctx, in.ID, in.Size, in.Body.change()); err != nil {
		return nil, err
	}
	return a.readProduct(ctx, &in.SizeInput)
}

func (a *API) deleteProduct(ctx context.Context, in *SizeInput) (*noBody, error) {
	return nil, a.shop.DeleteProduct(ctx, in.ID, in.Size)
}
